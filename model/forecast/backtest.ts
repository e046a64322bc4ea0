import { quantileSorted } from 'simple-statistics';
import { hoursPerWeek } from './grid.ts';
import { expectedAt, expectedPeak, fitWeekly } from './weekly.ts';

/** How the forecast would have done in the past, beside the guess that every hour is as it was a week before. */
export interface BackTest {
  /** Weeks that were forecast, each from what was known before it. */
  readonly weeks: number;
  /** Hours compared. */
  readonly hours: number;
  /** Sum of the misses over the sum of the traffic, 0 is perfect. */
  readonly errorRatio: number;
  /** The same for the guess, over the same hours. */
  readonly guessErrorRatio: number;
  /** Real over expected peak of a day: its 10 % and its 90 % quantile. */
  readonly peakRatio: { readonly low: number; readonly high: number };
}

const mostWeeks = 8;

/** Forecasts each of the last weeks (eight at most) from the hours before it alone and compares; undefined when no week has four before it. */
export function backTest(hours: readonly (number | undefined)[]): BackTest | undefined {
  const misses = { traffic: 0, model: 0, guess: 0, hours: 0 };
  const peakRatios: number[] = [];
  let weeks = 0;
  for (let ago = 1; ago <= mostWeeks; ago++) {
    const origin = hours.length - ago * hoursPerWeek;
    const model = origin > 0 ? fitWeekly(hours.slice(0, origin)) : undefined;
    if (model === undefined) continue;
    weeks++;
    for (let ahead = 0; ahead < hoursPerWeek; ahead++) {
      const real = hours[origin + ahead];
      const guess = hours[origin + ahead - hoursPerWeek];
      if (real === undefined || guess === undefined) continue;
      misses.hours++;
      misses.traffic += real;
      misses.model += Math.abs(real - expectedAt(model, ahead));
      misses.guess += Math.abs(real - guess);
    }
    for (let day = 0; day < 7; day++) {
      const real = hours.slice(origin + day * 24, origin + (day + 1) * 24).filter((value) => value !== undefined);
      const expected = expectedPeak(model, day);
      if (real.length >= 18 && expected > 0) peakRatios.push(Math.max(...real) / expected);
    }
  }
  if (misses.traffic <= 0 || peakRatios.length === 0) return undefined;
  peakRatios.sort((a, b) => a - b);
  return {
    weeks,
    hours: misses.hours,
    errorRatio: misses.model / misses.traffic,
    guessErrorRatio: misses.guess / misses.traffic,
    peakRatio: { low: quantileSorted(peakRatios, 0.1), high: quantileSorted(peakRatios, 0.9) },
  };
}
