import { type BackTest, backTest } from './backtest.ts';
import { dayOf, hoursPerWeek, type TrafficGrid } from './grid.ts';
import { expectedPeak, fitWeekly, type WeeklyModel } from './weekly.ts';

/** A peak of participants: likely, and the ends of an 80 % range. */
export interface PeakRange {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** The peak of one local day. */
export interface DayPeak extends PeakRange {
  readonly day: string;
}

/** When a capacity is reached, as local dates: undefined is not within a year. */
export interface RunsOut {
  readonly earliest: string | undefined;
  readonly likely: string | undefined;
  readonly latest: string | undefined;
}

/** The forecast, or why there is none. */
export type Forecast =
  | { readonly kind: 'not-enough-data'; readonly says: string }
  | {
      readonly kind: 'forecast';
      readonly method: string;
      readonly historyWeeks: number;
      /** Growth a week as a ratio, 0.02 is 2 %. */
      readonly growthRatio: PeakRange;
      readonly days: readonly DayPeak[];
      readonly backTest: BackTest;
      /** Asked for a capacity: when it runs out, or why that cannot be said. */
      readonly runsOut: RunsOut | { readonly kind: 'not-enough-data'; readonly says: string } | undefined;
    };

/** Weeks of history under which nothing is said about when capacity runs out. */
const weeksForDates = 8;
const yearOfDays = 364;

/** Peaks of the coming days with their range, from the pattern of the week, its growth, and the misses of the past. */
export function forecastPeaks(
  grid: TrafficGrid,
  options: { readonly days: number; readonly capacityParticipants: number | undefined },
): Forecast {
  const historyWeeks = Math.floor(grid.hours.length / hoursPerWeek);
  const model = fitWeekly(grid.hours);
  const tested = backTest(grid.hours);
  if (model === undefined || tested === undefined)
    return {
      kind: 'not-enough-data',
      says: `${historyWeeks} whole weeks of history; five that were measured for more than half are wanted: four to learn from and one to test`,
    };
  const daysOfHistory = grid.hours.length / 24;
  const { low, likely, high } = model.growth;
  return {
    kind: 'forecast',
    method: 'pattern of 168 hours and Theil-Sen growth of the last 8 weeks, by medians; range from back-tested peaks',
    historyWeeks,
    growthRatio: { low: Math.expm1(low), likely: Math.expm1(likely), high: Math.expm1(high) },
    days: Array.from({ length: options.days }, (_, ahead) => ({
      day: dayOf(grid, daysOfHistory + ahead),
      ...peakRange(model, tested, ahead),
    })),
    backTest: tested,
    runsOut:
      options.capacityParticipants === undefined
        ? undefined
        : historyWeeks < weeksForDates
          ? {
              kind: 'not-enough-data',
              says: `${historyWeeks} weeks of history, ${weeksForDates} are wanted for a date`,
            }
          : runsOut(grid, model, tested, options.capacityParticipants),
  };
}

function peakRange(model: WeeklyModel, tested: BackTest, ahead: number): PeakRange {
  const likely = expectedPeak(model, ahead);
  return {
    low: Math.min(likely, expectedPeak(model, ahead, model.growth.low) * tested.peakRatio.low),
    likely,
    high: Math.max(likely, expectedPeak(model, ahead, model.growth.high) * tested.peakRatio.high),
  };
}

function runsOut(grid: TrafficGrid, model: WeeklyModel, tested: BackTest, capacity: number): RunsOut {
  const first: Record<keyof PeakRange, string | undefined> = { low: undefined, likely: undefined, high: undefined };
  for (let ahead = 0; ahead < yearOfDays; ahead++) {
    const range = peakRange(model, tested, ahead);
    for (const end of ['low', 'likely', 'high'] as const)
      if (first[end] === undefined && range[end] > capacity) first[end] = dayOf(grid, grid.hours.length / 24 + ahead);
  }
  // The high end of the range reaches the capacity first.
  return { earliest: first.high, likely: first.likely, latest: first.low };
}
