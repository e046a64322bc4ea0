import { medianSorted } from 'simple-statistics';
import type { MicroUsd } from '../../kernel/money.ts';
import { cappedTotal } from '../cost/accrual.ts';

/** A product's day costs before the cap of billed hours, oldest first; undefined is a day that was not measured. */
export interface DaySeries {
  readonly kind: string;
  readonly days: readonly (number | undefined)[];
}

/** What a month will have cost, with an 80 % range and how the method did in the past. */
export interface SpendForecast {
  readonly likely: MicroUsd;
  readonly low: MicroUsd;
  readonly high: MicroUsd;
  /** Mean miss of a week's total over the weeks that were forecast again; undefined where there were too few to try. */
  readonly pastErrorRatio: number | undefined;
  readonly weeksTested: number;
  readonly method: string;
}

const z80 = 1.2816;
const leastErrorRatio = 0.01;
/** Without a past to try it on, the range is as wide as this. */
const untriedErrorRatio = 0.15;
const mostWeeks = 8;

/**
 * Days to come by the median of that weekday over the last eight weeks, a product that never varies by its last day. The month counts its dearest days up to the cap.
 * Undefined when nothing was measured in the last two weeks. `ahead` is how many days lie between the last of the series and the month's first day to come.
 */
export function forecastSpend(
  series: readonly DaySeries[],
  month: {
    readonly daysDone: number;
    readonly daysToCome: number;
    readonly capHours: number;
    readonly extra: MicroUsd;
  },
): SpendForecast | undefined {
  if (series.every(({ days }) => days.slice(-14).every((day) => day === undefined))) return undefined;
  const total = series.reduce((sum, { days }) => {
    const done = month.daysDone === 0 ? [] : days.slice(-month.daysDone).map((day) => day ?? 0);
    const toCome = Array.from({ length: month.daysToCome }, (_none, ahead) => expectedDay(days, ahead));
    return sum + cappedTotal([...done, ...toCome], month.capHours);
  }, 0);
  const misses = weekMisses(series);
  const squared = misses.reduce((sum, miss) => sum + miss ** 2, 0);
  const errorRatio =
    misses.length < 2 ? untriedErrorRatio : Math.max(leastErrorRatio, Math.sqrt(squared / misses.length));
  const open = month.daysToCome / Math.max(1, month.daysDone + month.daysToCome);
  const spread = total * open * errorRatio * z80;
  const amount = (value: number) => Math.round(Math.max(0, value)) as MicroUsd;
  return {
    likely: amount(total + month.extra),
    low: amount(total - spread + month.extra),
    high: amount(total + spread + month.extra),
    pastErrorRatio:
      misses.length === 0 ? undefined : misses.reduce((sum, miss) => sum + Math.abs(miss), 0) / misses.length,
    weeksTested: misses.length,
    method: 'each weekday by the median of its last eight; range from weeks forecast again',
  };
}

/** How likely the month is above a budget, by the forecast's range. */
export function overrunProbability({ likely, low, high }: SpendForecast, budget: MicroUsd): number {
  const sigma = (high - low) / 2 / z80;
  if (sigma === 0) return likely > budget ? 1 : 0;
  return 1 - normal((budget - likely) / sigma);
}

function expectedDay(days: readonly (number | undefined)[], ahead: number): number {
  const past = Array.from({ length: mostWeeks }, (_none, ago) => days[days.length + (ahead % 7) - (ago + 1) * 7])
    .filter((day) => day !== undefined)
    .sort((a, b) => a - b);
  return past.length === 0 ? (days.findLast((day) => day !== undefined) ?? 0) : medianSorted(past);
}

/** For each of the last weeks: (forecast - real) / real of its total, from the days before it alone. */
function weekMisses(series: readonly DaySeries[]): readonly number[] {
  const misses: number[] = [];
  for (let ago = 1; ago <= mostWeeks; ago++) {
    let [real, guess, complete] = [0, 0, true];
    for (const { days } of series) {
      const origin = days.length - ago * 7;
      if (origin < 21) complete = false;
      for (let day = 0; day < 7; day++) {
        const value = days[origin + day];
        if (value === undefined) complete = false;
        real += value ?? 0;
        guess += expectedDay(days.slice(0, Math.max(0, origin)), day);
      }
    }
    if (complete && real > 0) misses.push((guess - real) / real);
  }
  return misses;
}

/** The normal distribution, Abramowitz and Stegun 26.2.17: off by less than 1e-7. */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    Math.exp((-z * z) / 2) *
    0.3989422804 *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}
