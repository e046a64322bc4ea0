import ICAL from 'ical.js';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { errorText, UsageError } from '../../kernel/errors.ts';
import type { Booking } from '../../model/capacity/schedule.ts';
import type { BookingIssue, BookingIssueReason, BookingsRead, ReadBookingsOptions } from './booking-issues.ts';
import { isTimeZone, printable } from './text.ts';

/** Most events that are read from one file. */
const maxEvents = 10_000;
/** Most steps of one recurrence that has to be counted through from its first day: nearly three years of an hourly one. */
const maxIterations = 25_000;
/** Most occurrences of all recurrences together, which bounds the time a hostile file can take. */
const maxSteps = 40_000;
/** What a recurrence counts that was given up. */
const stepsGivenUp = 2_000;

class Refused extends Error {
  readonly reason: BookingIssueReason;
  constructor(reason: BookingIssueReason) {
    super(reason);
    this.reason = reason;
  }
}

interface Reading extends ReadBookingsOptions {
  readonly root: ICAL.Component;
  /** Occurrences that were moved or cancelled on their own: `uid` and the instant they had. */
  readonly moved: ReadonlySet<string>;
  steps: number;
}

/** Meetings of an iCalendar file that may touch the window, recurrences spelled out there and only there; throws a UsageError when it is not iCalendar. */
export function readCalendar(text: string, options: ReadBookingsOptions): BookingsRead {
  const root = parse(text);
  const events = root.getAllSubcomponents('vevent');
  if (events.length > maxEvents) throw new UsageError(`${events.length} events; at most ${maxEvents} are read at once`);
  const reading = { ...options, root, moved: new Set<string>(), steps: 0 };
  const bookings: Booking[] = [];
  const issues: BookingIssue[] = [];
  const attempt = (index: number, read: () => void) => {
    try {
      read();
    } catch (error) {
      // A value that the parser lets through and chokes on later is the input's fault as well.
      issues.push({ at: `event ${index + 1}`, reason: error instanceof Refused ? error.reason : 'not-a-booking' });
    }
  };
  for (const [index, event] of events.entries())
    attempt(index, () => {
      const original = event.getFirstProperty('recurrence-id');
      if (original) reading.moved.add(`${uidOf(event)} ${instantMs(original, reading)}`);
    });
  for (const [index, event] of events.entries())
    attempt(index, () => {
      if (/^CANCELLED$/i.test(String(event.getFirstPropertyValue('status') ?? ''))) return;
      bookings.push(...occurrences(event, reading));
    });
  return { bookings, issues };
}

function parse(text: string): ICAL.Component {
  try {
    const parsed: unknown = ICAL.parse(text);
    if (!Array.isArray(parsed)) throw new TypeError('nothing in it');
    // Several calendars in one file come as a list of them.
    const calendars = typeof parsed[0] === 'string' ? [parsed] : parsed;
    if (calendars.length !== 1) throw new TypeError(`${calendars.length} calendars in one file`);
    return new ICAL.Component(calendars[0]);
  } catch (error) {
    throw new UsageError(`not an iCalendar file that can be read: ${printable(errorText(error))}`);
  }
}

function occurrences(event: ICAL.Component, reading: Reading): Booking[] {
  const start = event.getFirstProperty('dtstart');
  if (!start) throw new Refused('not-a-booking');
  const firstMs = instantMs(start, reading);
  const lengthMs = lengthOf(event, firstMs, reading);
  const rules = event.getAllProperties('rrule');
  const extra = event.getAllProperties('rdate').flatMap((property) => valuesMs(property, reading));
  const startsMs = new Set([firstMs, ...extra, ...rules.flatMap((rule) => expand(rule, start, lengthMs, reading))]);
  for (const property of event.getAllProperties('exdate'))
    for (const ms of valuesMs(property, reading)) startsMs.delete(ms);
  if (!event.hasProperty('recurrence-id'))
    for (const ms of startsMs) if (reading.moved.has(`${uidOf(event)} ${ms}`)) startsMs.delete(ms);
  const inWindow = [...startsMs].filter((ms) => ms + lengthMs > reading.fromMs && ms < reading.untilMs);
  // Who comes is asked last: an event that is over needs no size.
  if (inWindow.length === 0) return [];
  const participants = participantsOf(event) ?? reading.defaultParticipants;
  if (participants === undefined) throw new Refused('no-size');
  return inWindow.map((startMs) => ({ startMs, endMs: startMs + lengthMs, participants }));
}

function expand(rule: ICAL.Property, start: ICAL.Property, lengthMs: number, reading: Reading): number[] {
  const zone = zoneOf(start, reading);
  const first = Temporal.Instant.fromEpochMilliseconds(instantMs(start, reading)).toZonedDateTimeISO(zone);
  const text = rule.toICALString().replace(/\r?\n[ \t]/g, '');
  if (/FREQ=(SECONDLY|MINUTELY)/i.test(text)) throw new Refused('recurs-too-often');
  if (reading.steps >= maxSteps) throw new Refused('too-many');
  let found: number[];
  try {
    const recurrence = new RRuleTemporal({ rruleString: text, dtstart: first, maxIterations });
    const [from, until] = [reading.fromMs - lengthMs, reading.untilMs].map((ms) => new Date(ms));
    if (from === undefined || until === undefined) return [];
    found = recurrence.between(from, until, true).map(({ epochMilliseconds }) => epochMilliseconds);
  } catch (error) {
    const endless = errorText(error).includes('Maximum iterations');
    reading.steps += endless ? stepsGivenUp : 1;
    throw new Refused(endless ? 'recurs-too-often' : 'recurrence-not-understood');
  }
  reading.steps += Math.max(found.length, 1);
  return found;
}

function lengthOf(event: ICAL.Component, firstMs: number, reading: Reading): number {
  const end = event.getFirstProperty('dtend');
  const length: unknown = event.getFirstPropertyValue('duration');
  const ms = end ? instantMs(end, reading) - firstMs : length instanceof ICAL.Duration ? length.toSeconds() * 1_000 : 0;
  if (!(ms > 0)) throw new Refused('no-end');
  return ms;
}

function instantMs(property: ICAL.Property, reading: Reading): number {
  const [ms] = valuesMs(property, reading);
  if (ms === undefined) throw new Refused('not-a-booking');
  return ms;
}

function valuesMs(property: ICAL.Property, reading: Reading): number[] {
  return property.getValues().map((value: unknown) => {
    if (!(value instanceof ICAL.Time)) throw new Refused('recurrence-not-understood');
    if (value.isDate) throw new Refused('all-day');
    const { year, month, day, hour, minute, second } = value;
    return Temporal.PlainDateTime.from({ year, month, day, hour, minute, second }).toZonedDateTime(
      zoneOf(property, reading),
    ).epochMilliseconds;
  });
}

/** The zone of a time: UTC, the IANA zone that TZID names, the offset of a VTIMEZONE that has but one, or the reader's own for a time that floats. */
function zoneOf(property: ICAL.Property, { root, timeZone }: Reading): string {
  const value: unknown = property.getFirstValue();
  if (value instanceof ICAL.Time && value.zone === ICAL.Timezone.utcTimezone) return 'UTC';
  const tzid: unknown = property.getFirstParameter('tzid');
  if (typeof tzid !== 'string' || tzid === '') return timeZone;
  if (isTimeZone(tzid)) return tzid;
  const own = root.getAllSubcomponents('vtimezone').find((zone) => zone.getFirstPropertyValue('tzid') === tzid);
  const offsets = new Set(own?.getAllSubcomponents().map((part) => String(part.getFirstPropertyValue('tzoffsetto'))));
  const [offset] = offsets;
  if (offsets.size !== 1 || offset === undefined || !isTimeZone(offset)) throw new Refused('unknown-time-zone');
  return offset;
}

/** X-GOMEET-PARTICIPANTS, else the people invited who have not declined; a group among them may be any number, so then nobody knows. */
function participantsOf(event: ICAL.Component): number | undefined {
  const said: unknown = event.getFirstPropertyValue('x-gomeet-participants');
  if (said !== null && said !== undefined) {
    const count = Number(said);
    if (!Number.isInteger(count) || count < 1) throw new Refused('no-size');
    return count;
  }
  const kind = (property: ICAL.Property, parameter: string) =>
    String(property.getFirstParameter(parameter) ?? '').toUpperCase();
  const invited = event.getAllProperties('attendee');
  if (invited.some((one) => kind(one, 'cutype') === 'GROUP')) return undefined;
  const people = invited.filter(
    (one) => !['ROOM', 'RESOURCE'].includes(kind(one, 'cutype')) && kind(one, 'partstat') !== 'DECLINED',
  );
  return people.length > 0 ? people.length : undefined;
}

function uidOf(event: ICAL.Component): string {
  return String(event.getFirstPropertyValue('uid') ?? '');
}
