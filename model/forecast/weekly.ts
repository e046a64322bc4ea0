import { medianSorted, quantileSorted } from 'simple-statistics';
import { hoursPerWeek } from './grid.ts';

/** A week's pattern times a level that grows by a constant factor each week. */
export interface WeeklyModel {
  /** Level of 1 is a usual hour; hour 0 is the first after the history. */
  readonly profile: readonly number[];
  /** Natural logarithm of the level in the last week of the history. */
  readonly logLevel: number;
  /** Growth of the logarithm a week: likely, and the ends of its 80 % interval; the likely one is 0 where the interval holds 0. */
  readonly growth: { readonly low: number; readonly likely: number; readonly high: number };
}

type Hours = readonly (number | undefined)[];

/** Weeks that shape pattern and growth: long enough to outvote a holiday and an outage, short enough to follow a change of habits. */
const memoryWeeks = 8;
/** Weeks of which the median sets today's level: one odd week does not move it. */
const levelWeeks = 3;
/** z of an 80 % interval. */
const z80 = 1.2816;

/** Learns pattern, level and growth from the hours, by medians alone, so that a holiday or an outage does not bend them; undefined for less than four weeks that were half measured, or without traffic. */
export function fitWeekly(hours: Hours): WeeklyModel | undefined {
  const weeks: Hours[] = [];
  for (let end = hours.length; end >= hoursPerWeek && weeks.length < memoryWeeks; end -= hoursPerWeek) {
    weeks.push(hours.slice(end - hoursPerWeek, end));
  }
  let levels = weeks.map(meanLevel);
  if (levels.filter((level) => level !== undefined).length < 4) return undefined;
  let profile = weekPattern(weeks, levels);
  for (let round = 0; round < 2; round++) {
    levels = weeks.map((week) => levelAgainst(week, profile));
    profile = weekPattern(weeks, levels);
  }
  const logs = levels.flatMap((level, ago) => (level === undefined ? [] : [{ ago, log: Math.log(level) }]));
  if (logs.length < 4 || !profile.some((value) => value > 0)) return undefined;
  const growth = senSlope(logs);
  const logLevel = median(logs.slice(0, levelWeeks).map(({ ago, log }) => log + growth.likely * ago));
  return { profile, logLevel, growth };
}

/** Participants expected in the hour so many hours after the history (0 is the next). */
export function expectedAt(model: WeeklyModel, hoursAhead: number, growth = model.growth.likely): number {
  const weeksAhead = Math.floor(hoursAhead / hoursPerWeek) + 1;
  return (model.profile[hoursAhead % hoursPerWeek] ?? 0) * Math.exp(model.logLevel + growth * weeksAhead);
}

/** The highest expected hour of the day so many days after the history (0 is the next). */
export function expectedPeak(model: WeeklyModel, daysAhead: number, growth = model.growth.likely): number {
  let peak = 0;
  for (let hour = 0; hour < 24; hour++) peak = Math.max(peak, expectedAt(model, daysAhead * 24 + hour, growth));
  return peak;
}

function meanLevel(week: Hours): number | undefined {
  const measured = week.filter((value) => value !== undefined);
  if (measured.length < hoursPerWeek / 2) return undefined;
  const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
  return mean > 0 ? mean : undefined;
}

function weekPattern(weeks: readonly Hours[], levels: readonly (number | undefined)[]): number[] {
  return Array.from({ length: hoursPerWeek }, (_, hour) => {
    const ratios: number[] = [];
    for (const [ago, week] of weeks.entries()) {
      const level = levels[ago];
      const value = week[hour];
      if (level !== undefined && value !== undefined) ratios.push(value / level);
    }
    return ratios.length === 0 ? 0 : median(ratios);
  });
}

/** The level that the busier half of the week's hours speaks for: quiet hours are noise beside them. */
function levelAgainst(week: Hours, profile: readonly number[]): number | undefined {
  const usual = median(profile);
  const ratios: number[] = [];
  for (const [hour, value] of week.entries()) {
    const pattern = profile[hour] ?? 0;
    if (value !== undefined && pattern > 0 && pattern >= usual) ratios.push(value / pattern);
  }
  const level = ratios.length < hoursPerWeek / 4 ? 0 : median(ratios);
  return level > 0 ? level : undefined;
}

/** The median of the slopes between all pairs (Theil and Sen), with the interval of Sen (1968). */
function senSlope(logs: readonly { readonly ago: number; readonly log: number }[]): WeeklyModel['growth'] {
  const slopes = logs
    .flatMap((late, index) => logs.slice(index + 1).map((early) => (late.log - early.log) / (early.ago - late.ago)))
    .sort((a, b) => a - b);
  const n = logs.length;
  const spread = (z80 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / slopes.length / 2;
  const low = quantileSorted(slopes, Math.max(0, 0.5 - spread));
  const high = quantileSorted(slopes, Math.min(1, 0.5 + spread));
  return { low, high, likely: low <= 0 && high >= 0 ? 0 : medianSorted(slopes) };
}

function median(values: readonly number[]): number {
  return medianSorted([...values].sort((a, b) => a - b));
}
