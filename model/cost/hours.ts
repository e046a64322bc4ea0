const hourMs = 3_600_000;

/** A stretch of time, in milliseconds since the epoch; `untilMs` is not in it. */
export interface Period {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The start of the calendar month in UTC, by which DigitalOcean bills. */
export function monthStartMs(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
}

/** The start of the month after. */
export function nextMonthMs(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1);
}

/** Hours of a period; none when it ends before it begins. */
export function hoursOf({ fromMs, untilMs }: Period): number {
  return Math.max(0, untilMs - fromMs) / hourMs;
}

/** Hours that are billed for something that ran through the period: at most `capHours` in each calendar month. */
export function billedHours(period: Period, capHours: number): number {
  let hours = 0;
  for (let fromMs = period.fromMs; fromMs < period.untilMs; fromMs = nextMonthMs(fromMs))
    hours += Math.min(hoursOf({ fromMs, untilMs: Math.min(nextMonthMs(fromMs), period.untilMs) }), capHours);
  return hours;
}
