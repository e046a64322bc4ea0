import { Temporal } from 'temporal-polyfill';

/** Text of others made fit for a terminal: one short line of plain characters. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 120);
}

/** Whether there is such a time zone: an IANA name or an offset. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** The local day of an instant: `2026-11-23`. */
export function localDay(ms: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** An instant as people of the zone read it: `Mon 2026-11-23 08:45`. */
export function localTime(ms: number, timeZone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  const weekday = at.toLocaleString('en-GB', { weekday: 'short' });
  return `${weekday} ${at.toPlainDate().toString()} ${at.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}
