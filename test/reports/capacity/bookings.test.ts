import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../../../kernel/errors.ts';
import { maxBookings, readBookings } from '../../../reports/capacity/bookings.ts';

const options = {
  fromMs: Date.parse('2026-11-23T00:00:00Z'),
  untilMs: Date.parse('2026-12-07T00:00:00Z'),
  timeZone: 'Asia/Jakarta',
  defaultParticipants: undefined,
};
const when = 'DTSTART;TZID=Asia/Jakarta:20261124T090000\r\nDTEND;TZID=Asia/Jakarta:20261124T100000';
const event = (...lines: readonly string[]) =>
  ['BEGIN:VEVENT', 'UID:one', 'DTSTAMP:20261101T000000Z', ...lines, 'END:VEVENT'].join('\r\n');
const calendar = (...parts: readonly string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...parts, 'END:VCALENDAR', ''].join('\r\n');
const sized = 'X-GOMEET-PARTICIPANTS:120';

function starts(text: string, changes: Partial<typeof options> = {}): string[] {
  const { bookings, issues } = readBookings(text, { ...options, ...changes });
  assert.deepEqual(issues, []);
  return bookings.map(({ startMs }) => new Date(startMs).toISOString().slice(0, 16));
}

function reasons(text: string): string[] {
  const { bookings, issues } = readBookings(text, options);
  assert.deepEqual(bookings, []);
  return issues.map(({ reason }) => reason);
}

test('an event is a booking at its instant, whatever zone names it', () => {
  const nineInJakarta = '2026-11-24T02:00';
  assert.deepEqual(starts(calendar(event(when, sized))), [nineInJakarta]);
  const utc = 'DTSTART:20261124T020000Z\r\nDURATION:PT1H';
  assert.deepEqual(starts(calendar(event(utc, sized))), [nineInJakarta]);
  const floating = 'DTSTART:20261124T090000\r\nDTEND:20261124T100000';
  assert.deepEqual(starts(calendar(event(floating, sized))), [nineInJakarta]);
  assert.deepEqual(starts(calendar(event(floating, sized)), { timeZone: 'UTC' }), ['2026-11-24T09:00']);
});

test('a zone of the file itself counts when it has one offset, and is not guessed when it changes its clocks', () => {
  const zone = (...parts: readonly string[]) =>
    ['BEGIN:VTIMEZONE', 'TZID:SE Asia Standard Time', ...parts, 'END:VTIMEZONE'].join('\r\n');
  const part = (kind: string, offset: string) =>
    `BEGIN:${kind}\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:${offset}\r\nTZOFFSETTO:${offset}\r\nEND:${kind}`;
  const at = when.replaceAll('Asia/Jakarta', 'SE Asia Standard Time');
  assert.deepEqual(starts(calendar(zone(part('STANDARD', '+0700')), event(at, sized))), ['2026-11-24T02:00']);
  assert.deepEqual(reasons(calendar(zone(part('STANDARD', '+0700'), part('DAYLIGHT', '+0800')), event(at, sized))), [
    'unknown-time-zone',
  ]);
  assert.deepEqual(reasons(calendar(event(at, sized))), ['unknown-time-zone']);
});

test('a recurrence without end is spelled out within the window alone, at its local hour', () => {
  const weekly = event(when.replaceAll('20261124', '20200107'), 'RRULE:FREQ=WEEKLY;BYDAY=TU', sized);
  assert.deepEqual(starts(calendar(weekly)), ['2026-11-24T02:00', '2026-12-01T02:00']);
  // Berlin goes back an hour between these two Mondays.
  const berlin = event(
    'DTSTART;TZID=Europe/Berlin:20261019T090000\r\nDTEND;TZID=Europe/Berlin:20261019T093000',
    'RRULE:FREQ=WEEKLY;UNTIL=20261026T080000Z',
    sized,
  );
  const october = { fromMs: Date.parse('2026-10-19T00:00:00Z'), untilMs: Date.parse('2026-12-07T00:00:00Z') };
  assert.deepEqual(starts(calendar(berlin), october), ['2026-10-19T07:00', '2026-10-26T08:00']);
});

test('what was taken out, moved or cancelled is not where it was', () => {
  const daily = event(when, 'RRULE:FREQ=DAILY;COUNT=4', 'EXDATE;TZID=Asia/Jakarta:20261125T090000', sized);
  const moved = event(
    'RECURRENCE-ID;TZID=Asia/Jakarta:20261126T090000',
    'DTSTART;TZID=Asia/Jakarta:20261126T150000\r\nDTEND;TZID=Asia/Jakarta:20261126T160000',
    sized,
  );
  const cancelled = event(
    'RECURRENCE-ID;TZID=Asia/Jakarta:20261127T090000',
    when.replaceAll('20261124', '20261127'),
    'STATUS:CANCELLED',
  );
  assert.deepEqual(starts(calendar(daily, moved, cancelled)), ['2026-11-24T02:00', '2026-11-26T08:00']);
});

test('events outside the window are no bookings and no findings, even without a size', () => {
  assert.deepEqual(starts(calendar(event(when.replaceAll('20261124', '20251124')))), []);
});

test('the size is what is said, else those invited who have not declined, else the default, else a finding', () => {
  const sizeOf = (defaultParticipants: number | undefined, ...lines: readonly string[]) =>
    readBookings(calendar(event(when, ...lines)), { ...options, defaultParticipants }).bookings.map(
      ({ participants }) => participants,
    );
  const invited = [
    'ATTENDEE:mailto:a@example.com',
    'ATTENDEE;PARTSTAT=DECLINED:mailto:b@example.com',
    'ATTENDEE;CUTYPE=ROOM:mailto:room@example.com',
    'ATTENDEE;PARTSTAT=ACCEPTED:mailto:c@example.com',
  ];
  assert.deepEqual(sizeOf(undefined, ...invited), [2]);
  assert.deepEqual(sizeOf(undefined, ...invited, sized), [120]);
  assert.deepEqual(sizeOf(40), [40]);
  assert.deepEqual(sizeOf(40, ...invited, 'ATTENDEE;CUTYPE=GROUP:mailto:everyone@example.com'), [40]);
  assert.deepEqual(reasons(calendar(event(when))), ['no-size']);
  assert.deepEqual(reasons(calendar(event(when, 'X-GOMEET-PARTICIPANTS:-5'))), ['no-size']);
});

test('rules that never come true, come every second or make no sense end at once with a word', () => {
  const startedMs = performance.now();
  const rule = (text: string) => readBookings(calendar(event(when, `RRULE:${text}`, sized)), options);
  assert.deepEqual(rule('FREQ=SECONDLY').issues, [{ at: 'event 1', reason: 'recurs-too-often' }]);
  for (const never of ['FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31'])
    assert.ok(rule(never).bookings.length <= 1, never);
  for (const nonsense of ['FREQ=YEARLY;BYDAY=100MO', 'FREQ=BOGUS']) assert.throws(() => rule(nonsense), UsageError);
  assert.ok(performance.now() - startedMs < 5_000);
});

test('an hourly meeting since 1970 is not counted through, and refused where it would have to be', () => {
  const old = when.replaceAll('20261124', '19700101');
  assert.equal(starts(calendar(event(old, 'RRULE:FREQ=HOURLY', sized))).length, 14 * 24);
  assert.deepEqual(reasons(calendar(event(old, 'RRULE:FREQ=HOURLY;COUNT=900000', sized))), ['recurs-too-often']);
});

test('a file full of endless recurrences takes a bounded time and says what it left out', () => {
  const old = when.replaceAll('20261124', '19700101');
  for (const rule of ['FREQ=HOURLY', 'FREQ=HOURLY;COUNT=900000']) {
    const many = calendar(...Array.from({ length: 2_000 }, () => event(old, `RRULE:${rule}`, sized)));
    const startedMs = performance.now();
    const { bookings, issues } = readBookings(many, options);
    assert.ok(performance.now() - startedMs < 20_000, rule);
    assert.ok(bookings.length <= maxBookings && issues.some(({ reason }) => reason === 'too-many'), rule);
  }
});

test('all-day events, events without an end and such of many days are findings, not meetings', () => {
  assert.deepEqual(reasons(calendar(event('DTSTART;VALUE=DATE:20261124', sized))), ['all-day']);
  assert.deepEqual(reasons(calendar(event('DTSTART:20261124T020000Z', sized))), ['no-end']);
  assert.deepEqual(reasons(calendar(event('DTSTART:20261124T020000Z\r\nDTEND:20261124T010000Z', sized))), ['no-end']);
  assert.deepEqual(reasons(calendar(event('DTSTART:20261124T020000Z\r\nDURATION:P9D', sized))), ['longer-than-a-day']);
  assert.deepEqual(reasons(calendar(event(sized))), ['not-a-booking']);
});

test('JSON bookings are read one by one: a bad one is a finding, the others stay', () => {
  const good = { startsAt: '2026-11-24T09:00:00+07:00', endsAt: '2026-11-24T10:00:00+07:00', participants: 30 };
  const bad = [
    { ...good, participants: 0 },
    { ...good, startsAt: '2026-11-24 09:00' },
    { ...good, startsAt: '2026-11-24T09:00:00' },
    null,
    [],
  ];
  const { bookings, issues } = readBookings(JSON.stringify([good, ...bad]), options);
  assert.deepEqual(bookings, [
    { startMs: Date.parse(good.startsAt), endMs: Date.parse(good.endsAt), participants: 30 },
  ]);
  assert.deepEqual(
    issues.map(({ at }) => at),
    ['entry 2', 'entry 3', 'entry 4', 'entry 5', 'entry 6'],
  );
});

test('more people than can join is a finding, and more bookings than can be planned are cut with one', () => {
  const good = { startsAt: '2026-11-24T09:00:00Z', endsAt: '2026-11-24T10:00:00Z', participants: 501 };
  assert.deepEqual(readBookings(JSON.stringify([good]), options).issues, [
    { at: '2026-11-24T09:00:00.000Z', reason: 'over-limit' },
  ]);
  const crowd = JSON.stringify(Array.from({ length: maxBookings + 5 }, () => ({ ...good, participants: 1 })));
  const read = readBookings(crowd, options);
  assert.deepEqual([read.bookings.length, read.issues.map(({ reason }) => reason)], [maxBookings, ['too-many']]);
});

test('what is neither, or too large, is refused in one plain line', () => {
  for (const text of ['', '\u001b[31mred', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT', '{}', `[${' '.repeat(6 * 1024 * 1024)}]`])
    assert.throws(
      () => readBookings(text, options),
      (error: unknown) => error instanceof UsageError && /^[\x20-\x7e]{1,200}$/.test(error.message),
    );
});

test('no text of the file comes out in a finding, and nothing but a usage error is ever thrown', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 40 }), { maxLength: 8 }), (lines) => {
      try {
        for (const { at } of readBookings(calendar(event(when, ...lines)), options).issues)
          assert.match(at, /^(event \d+|[\dT:.Z-]+)$/);
      } catch (error) {
        assert.ok(error instanceof UsageError, String(error));
      }
    }),
  );
});
