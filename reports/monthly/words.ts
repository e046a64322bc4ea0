import { Temporal } from 'temporal-polyfill';
import { whole } from '../figures.ts';

/** `October 2026`. */
export function monthName(month: string): string {
  return Temporal.PlainDate.from(`${month}-01`).toLocaleString('en-GB', { month: 'long', year: 'numeric' });
}

/** A day of UTC, by which money is counted: `21 Oct`. */
export function dayName(atMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(atMs)
    .toZonedDateTimeISO('UTC')
    .toLocaleString('en-GB', { day: 'numeric', month: 'short' });
}

/** Days in a row: `21 Oct`, `20–31 Oct`. */
export function daysName(fromMs: number, untilMs: number): string {
  const last = untilMs - 86_400_000;
  if (last <= fromMs) return dayName(fromMs);
  const [from, until] = [dayName(fromMs), dayName(last)];
  return from.slice(-3) === until.slice(-3) ? `${from.slice(0, -4)}–${until}` : `${from} – ${until}`;
}

/** An instant in the zone of the report: `3 Nov 2026, 09:00`. */
export function instantName(atMs: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

/** A figure of a limit: whole when large, two digits when small. */
export function figure(value: number | undefined): string {
  if (value === undefined) return 'no data';
  return value >= 100 || Number.isInteger(value) ? whole(value) : value.toFixed(2);
}

/** Bytes as TiB. */
export function tebibytes(bytes: number | undefined): string {
  return bytes === undefined ? 'no data' : `${(bytes / 1024 ** 4).toFixed(1)} TiB`;
}
