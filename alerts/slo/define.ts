import type { RecordingRule } from '../recording/define.ts';
import type { Owner } from '../vocabulary.ts';

/** What people may count on: one file each. Rules and alerts are made from it. */
export interface Objective {
  /** PascalCase; begins the names of its two alerts. */
  readonly name: string;
  /** snake_case; the middle of its recorded series. */
  readonly key: string;
  /** What is promised, as a sentence without a figure. */
  readonly promise: string;
  /** Share that must go well in 30 days, 0 to 1. */
  readonly objective: number;
  readonly owner: Owner;
  readonly service: string;
  /** What went wrong, and everything that counts, each second over five minutes. */
  readonly bad: string;
  readonly total: string;
  /** Failures in an hour below which nobody is woken: one recording of one is all of them, and no reason to wake anybody. */
  readonly leastAnHour: number;
  /** What people notice when the budget goes. */
  readonly impact: string;
  /** Where to look: a query, and what it shows. */
  readonly look: readonly { readonly say: string; readonly query: string }[];
}

/** The windows over which budgets are looked at (SRE workbook, chapter 5). */
export const windows = ['5m', '30m', '1h', '6h', '3d'] as const;
export type Window = (typeof windows)[number];

/** The share that went wrong over a window. */
export function errorRatio({ key }: Objective, window: Window): string {
  return `platform:${key}_errors:ratio_rate${window}`;
}

/** How many failed in the last hour. */
export function failedInHour({ key }: Objective): string {
  return `3600 * avg_over_time(platform:${key}_errors:rate5m[1h])`;
}

/** What is left of the budget of 30 days; below 0 it is overspent. */
export function budgetLeft({ key }: Objective): string {
  return `platform:${key}_budget:ratio_rate30d`;
}

/** The rules of an objective. Long windows are sums of what the short one recorded: cheap, and ratios of sums. */
export function objectiveRules(objective: Objective): readonly RecordingRule[] {
  const { key, promise, bad, total } = objective;
  const errors = `platform:${key}_errors:rate5m`;
  const all = `platform:${key}_total:rate5m`;
  const over = (window: string) => `sum_over_time(${errors}[${window}]) / (sum_over_time(${all}[${window}]) > 0)`;
  const common = { resultLabels: [] } as const;
  return [
    // What never went wrong has no series: without the zero, nothing would be said while all is well.
    {
      ...common,
      record: errors,
      expr: `${bad}\n  or 0 * ${total}`,
      unit: 'per second',
      help: `${promise}: what fails.`,
    },
    { ...common, record: all, expr: total, unit: 'per second', help: `${promise}: all that counts.` },
    ...windows.map(
      (window): RecordingRule => ({
        ...common,
        record: errorRatio(objective, window),
        expr: window === '5m' ? `${errors} / (${all} > 0)` : over(window),
        unit: 'ratio',
        help: `${promise}: the share that failed in ${window}.`,
      }),
    ),
    {
      ...common,
      record: budgetLeft(objective),
      expr: `1 - (${over('30d')}) / ${budgetOf(objective)}`,
      unit: 'ratio',
      help: `${promise}: what is left of the budget of 30 days.`,
    },
  ];
}

/** Share that may fail, without the noise of binary fractions. */
export function budgetOf({ objective }: Objective): number {
  return Number((1 - objective).toPrecision(6));
}
