import { z } from 'zod';
import { errorText, UsageError } from '../../kernel/errors.ts';
import type { Booking } from '../../model/capacity/schedule.ts';
import { largestMeeting } from '../../model/capacity.ts';
import type { BookingIssue, BookingsRead, ReadBookingsOptions } from './booking-issues.ts';
import { readCalendar } from './calendar.ts';
import { printable } from './text.ts';

/** Largest file that is read, bytes. */
export const maxBookingsBytes = 5 * 1024 * 1024;
/** Most meetings that are planned at once. */
export const maxBookings = 20_000;
const longestMeetingMs = 86_400_000;

const JsonBooking = z.object({
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  participants: z.number().int().positive(),
});

/** Reads bookings from iCalendar or from a JSON list of `{ startsAt, endsAt, participants }`; throws a UsageError when the file as a whole is neither. */
export function readBookings(text: string, options: ReadBookingsOptions): BookingsRead {
  if (Buffer.byteLength(text) > maxBookingsBytes)
    throw new UsageError(`bookings of more than ${maxBookingsBytes / 1024 / 1024} MiB are not read`);
  const start = text.replace(/^\uFEFF/, '').trimStart();
  const read = /^BEGIN:VCALENDAR/i.test(start) ? readCalendar(start, options) : readJson(start);
  return admitted(read, options);
}

function readJson(text: string): BookingsRead {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`neither iCalendar nor JSON: ${printable(errorText(error))}`);
  }
  if (!Array.isArray(list)) throw new UsageError('JSON bookings are a list of { startsAt, endsAt, participants }');
  const bookings: Booking[] = [];
  const issues: BookingIssue[] = [];
  for (const [index, entry] of list.entries()) {
    const parsed = JsonBooking.safeParse(entry);
    if (!parsed.success) issues.push({ at: `entry ${index + 1}`, reason: 'not-a-booking' });
    else {
      const { startsAt, endsAt, participants } = parsed.data;
      bookings.push({ startMs: Date.parse(startsAt), endMs: Date.parse(endsAt), participants });
    }
  }
  return { bookings, issues };
}

/** Keeps what can be planned within the window. */
function admitted(read: BookingsRead, { fromMs, untilMs }: ReadBookingsOptions): BookingsRead {
  const bookings: Booking[] = [];
  const issues = [...read.issues];
  for (const booking of read.bookings) {
    const at = new Date(booking.startMs).toISOString();
    if (!(booking.endMs > booking.startMs)) issues.push({ at, reason: 'no-end' });
    else if (booking.endMs <= fromMs || booking.startMs >= untilMs) continue;
    else if (booking.endMs - booking.startMs > longestMeetingMs) issues.push({ at, reason: 'longer-than-a-day' });
    else if (bookings.length >= maxBookings) {
      issues.push({ at, reason: 'too-many' });
      break;
    } else {
      if (booking.participants > largestMeeting.participants) issues.push({ at, reason: 'over-limit' });
      bookings.push(booking);
    }
  }
  return { bookings, issues };
}
