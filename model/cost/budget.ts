import { type MicroUsd, timesUsd, usd } from '../../kernel/money.ts';
import { hoursOf, monthStartMs, nextMonthMs } from './hours.ts';

/** Figures that the documents give for a month. They stand beside the budget in force and are never computed with. */
export const documentedMonths: readonly { readonly amount: MicroUsd; readonly source: string }[] = [
  { amount: usd(27_048), source: 'header of the deployment script; no input of the documents yields it' },
  { amount: usd(35_000), source: 'budget of the operations runbook' },
];

/** Where the month stands against its budget. */
export interface Burn {
  readonly budget: MicroUsd;
  readonly spent: MicroUsd;
  /** What the month will have cost if the present rate goes on. */
  readonly forecast: MicroUsd;
  /** Of the budget, and of the month; 1 is all. */
  readonly spentRatio: number;
  readonly elapsedRatio: number;
  readonly verdict: 'within' | 'will-exceed' | 'exceeded';
  /** When the budget is used up at the present rate; undefined when that is not this month. */
  readonly usedUpAtMs: number | undefined;
}

/** The month at the present rate. `perHour` is what an hour costs before the cap. What runs since the month began stops costing at the cap; for what was added later the forecast is low, by at most the 72 hours above it. */
export function burn(month: {
  readonly budget: MicroUsd;
  readonly spent: MicroUsd;
  readonly perHour: MicroUsd;
  readonly billedHoursCap: number;
  readonly nowMs: number;
}): Burn {
  const { budget, spent, perHour, nowMs } = month;
  const [fromMs, untilMs] = [monthStartMs(nowMs), nextMonthMs(nowMs)];
  const elapsedHours = hoursOf({ fromMs, untilMs: nowMs });
  const hoursLeft = Math.max(0, Math.min(hoursOf({ fromMs, untilMs }), month.billedHoursCap) - elapsedHours);
  const forecast = (spent + timesUsd(perHour, hoursLeft)) as MicroUsd;
  const hoursToBudget = perHour > 0 ? (budget - spent) / perHour : Number.POSITIVE_INFINITY;
  return {
    budget,
    spent,
    forecast,
    spentRatio: budget > 0 ? spent / budget : Number.POSITIVE_INFINITY,
    elapsedRatio: (nowMs - fromMs) / (untilMs - fromMs),
    verdict: spent > budget ? 'exceeded' : forecast > budget ? 'will-exceed' : 'within',
    usedUpAtMs: forecast > budget ? nowMs + Math.max(0, hoursToBudget) * 3_600_000 : undefined,
  };
}
