import { type Random, seededRandom } from '../../../lab/simulator/random.ts';
import type { TrafficPoint } from '../../../model/forecast/grid.ts';

/** What the generated traffic goes through. */
export interface TrafficStory {
  readonly weeks: number;
  /** Growth a week at first and after the middle: habits change. */
  readonly growth: readonly [number, number];
  /** Standard deviation of the noise as a ratio. */
  readonly noise: number;
  readonly holidays: number;
  readonly outages: number;
  readonly gaps: number;
}

/** Monday, 2026-01-05, 00:00 in Jakarta. */
export const firstMs = Date.parse('2026-01-05T00:00:00+07:00');

/** Hourly peaks of a working week in Jakarta: two humps a day, quiet nights and weekends, with what goes wrong in between. */
export function generatedTraffic(seed: number, story: TrafficStory): TrafficPoint[] {
  const random = seededRandom(seed);
  const days = story.weeks * 7;
  const holidays = new Set(Array.from({ length: story.holidays }, () => Math.floor(random() * days)));
  const hours = days * 24;
  const during = (count: number, longest: number) => {
    const starts = Array.from({ length: count }, () => ({ at: random() * hours, hours: 1 + random() * longest }));
    return (hour: number) => starts.some(({ at, hours: length }) => hour >= at && hour < at + length);
  };
  const isOut = during(story.outages, 8);
  const isGap = during(story.gaps, 30);
  const base = 4_000 + random() * 20_000;
  const points: TrafficPoint[] = [];
  let logLevel = 0;
  for (let hour = 0; hour < hours; hour++) {
    logLevel += Math.log1p(story.growth[hour < hours / 2 ? 0 : 1]) / 168;
    const weekday = Math.floor(hour / 24) % 7;
    const hump = (at: number) => Math.exp(-(((hour % 24) - at) ** 2) / 6);
    const day = (weekday < 5 ? 1 : 0.25) * (0.04 + hump(10) + 0.8 * hump(14.5));
    const odd = holidays.has(Math.floor(hour / 24)) ? 0.3 : 1;
    const noise = Math.exp(story.noise * normal(random));
    if (isGap(hour)) continue;
    const participants = isOut(hour) ? 0 : Math.round(base * Math.exp(logLevel) * day * odd * noise);
    points.push({ atMs: firstMs + hour * 3_600_000, participants });
  }
  return points;
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
