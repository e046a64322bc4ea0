import type { Booking } from '../../model/capacity/schedule.ts';

/** Why a booking is not, or not wholly, in the plan. */
export type BookingIssueReason =
  | 'not-a-booking'
  | 'no-size'
  | 'over-limit'
  | 'all-day'
  | 'no-end'
  | 'longer-than-a-day'
  | 'unknown-time-zone'
  | 'recurrence-not-understood'
  | 'recurs-too-often'
  | 'too-many';

/** One finding about the input: its place, never its text, which may hold names and anything else. */
export interface BookingIssue {
  readonly at: string;
  readonly reason: BookingIssueReason;
}

/** What was read: meetings that touch the window, and what had to be left out. */
export interface BookingsRead {
  readonly bookings: readonly Booking[];
  readonly issues: readonly BookingIssue[];
}

/** How bookings are read. */
export interface ReadBookingsOptions {
  readonly fromMs: number;
  readonly untilMs: number;
  /** For times that name no zone. */
  readonly timeZone: string;
  /** For events that do not say how many come; undefined leaves them out with a finding. */
  readonly defaultParticipants: number | undefined;
}
