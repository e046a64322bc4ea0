import type { MonthlyInput } from './input.ts';

/** An hour and a resource of the demo. */
export type DemoHour = MonthlyInput['hours'][number];
export type DemoResource = MonthlyInput['resources'][number];

/** What the demo's extras are made of. */
export interface DemoBase {
  readonly hours: readonly DemoHour[];
  readonly nodes: readonly number[];
  readonly resources: readonly DemoResource[];
  readonly month: { readonly fromMs: number; readonly untilMs: number };
}
