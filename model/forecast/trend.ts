import { medianSorted, quantileSorted } from 'simple-statistics';

/** When something that grows reaches a limit: days from the last one, at the median and at the early end of an 80 % range; undefined is not within a year. */
export type Reaches =
  | { readonly kind: 'dates'; readonly p50Days: number | undefined; readonly p90Days: number | undefined }
  | { readonly kind: 'reached' }
  | { readonly kind: 'not-enough-data'; readonly says: string };

const leastWeeks = 8;
const yearWeeks = 52;

/** When the highest value of a week reaches a limit: a straight line through weekly highs by the median of all slopes (Theil-Sen), its range from the slopes and from how far weeks lay off the line. */
export function reaches(days: readonly (number | undefined)[], limit: number): Reaches {
  const highs = weeklyHighs(days);
  const known = highs.flatMap((high, week) => (high === undefined ? [] : [{ week, high }]));
  const last = known.at(-1);
  if (last !== undefined && last.high >= limit) return { kind: 'reached' };
  if (known.length < leastWeeks)
    return {
      kind: 'not-enough-data',
      says: `${known.length} weeks were measured, ${leastWeeks} are wanted for a date`,
    };
  const slopes = known
    .flatMap((a, index) => known.slice(index + 1).map((b) => (b.high - a.high) / (b.week - a.week)))
    .sort((a, b) => a - b);
  const slope = medianSorted(slopes);
  const base = medianSorted(known.map(({ week, high }) => high - slope * week).sort((a, b) => a - b));
  const off = quantileSorted(
    known.map(({ week, high }) => high - (base + slope * week)).sort((a, b) => a - b),
    0.9,
  );
  const steep = quantileSorted(slopes, 0.9);
  const now = highs.length - 1;
  const first = (value: (weeksAhead: number) => number) => {
    for (let ahead = 1; ahead <= yearWeeks; ahead++) if (value(ahead) >= limit) return ahead * 7;
    return undefined;
  };
  const level = base + slope * now;
  return {
    kind: 'dates',
    p50Days: first((ahead) => level + slope * ahead),
    p90Days: first((ahead) => level + off + Math.max(slope, steep) * ahead),
  };
}

function weeklyHighs(days: readonly (number | undefined)[]): readonly (number | undefined)[] {
  const weeks = Math.floor(days.length / 7);
  return Array.from({ length: weeks }, (_none, week) => {
    const start = days.length - (weeks - week) * 7;
    const there = days.slice(start, start + 7).filter((day) => day !== undefined);
    // Half a week may have missed its busiest day.
    return there.length < 4 ? undefined : Math.max(...there);
  });
}
