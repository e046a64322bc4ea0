import { Temporal } from 'temporal-polyfill';

/** Hours of a week, the period of the traffic. */
export const hoursPerWeek = 168;

/** The highest number of participants within the hour that begins at `atMs`. */
export interface TrafficPoint {
  readonly atMs: number;
  readonly participants: number;
}

/** Traffic by local hour, from a midnight to a midnight: what was not measured is undefined, never zero. */
export interface TrafficGrid {
  readonly timeZone: string;
  /** Local date of the first hour, `2026-01-05`. */
  readonly firstDay: string;
  readonly hours: readonly (number | undefined)[];
}

/** Puts readings on the grid of local hours, whole days only: an hour that a clock change repeats keeps its higher reading, one that it skips stays unmeasured. Throws a RangeError for an unknown time zone. */
export function trafficGrid(points: readonly TrafficPoint[], timeZone: string): TrafficGrid | undefined {
  const measured = points
    .filter(({ atMs, participants }) => Number.isFinite(atMs) && Number.isFinite(participants) && participants >= 0)
    .map(({ atMs, participants }) => ({ at: local(atMs, timeZone), participants }))
    .sort((a, b) => Temporal.PlainDateTime.compare(a.at, b.at));
  const [first] = measured;
  const last = measured.at(-1);
  if (first === undefined || last === undefined) return undefined;
  // The days at both ends are seldom whole; a day is taken from its first hour on.
  const start = first.at.hour === 0 ? first.at.toPlainDate() : first.at.toPlainDate().add({ days: 1 });
  const end = last.at.hour === 23 ? last.at.toPlainDate().add({ days: 1 }) : last.at.toPlainDate();
  const days = start.until(end, { largestUnit: 'days' }).days;
  if (days < 1 || days > 3_700) return undefined;
  const hours: (number | undefined)[] = Array.from({ length: days * 24 });
  for (const { at, participants } of measured) {
    const index = start.until(at.toPlainDate(), { largestUnit: 'days' }).days * 24 + at.hour;
    if (index >= 0 && index < hours.length) hours[index] = Math.max(hours[index] ?? 0, participants);
  }
  return { timeZone, firstDay: start.toString(), hours };
}

/** Local date so many days after the first of the grid. */
export function dayOf(grid: TrafficGrid, days: number): string {
  return Temporal.PlainDate.from(grid.firstDay).add({ days }).toString();
}

function local(atMs: number, timeZone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(atMs)).toZonedDateTimeISO(timeZone).toPlainDateTime();
}
