import { objectives } from '../../alerts/slo/objectives.ts';
import type { Metrics } from '../../responders/ports.ts';
import type { Range } from './history.ts';
import type { MonthlyInput } from './input.ts';

const hourMs = 3_600_000;

/** What went wrong in a month over everything that counts, of one objective: a ratio of sums. */
export function monthErrors(key: string, { fromMs, untilMs }: Range): string {
  const over = (what: string) =>
    `sum_over_time(platform:${key}_${what}:rate5m[${Math.max(1, Math.round((untilMs - fromMs) / hourMs))}h] @ ${Math.floor(untilMs / 1_000)})`;
  return `${over('errors')} / (${over('total')} > 0)`;
}

/** Every objective with what the month attained; without a reading it is said to have none. */
export async function readSlos(
  metrics: Pick<Metrics, 'query'>,
  month: Range,
): Promise<NonNullable<MonthlyInput['reliability']>['slos']> {
  const slos: NonNullable<MonthlyInput['reliability']>['slos'] = [];
  for (const { key, promise, objective } of objectives) {
    const errors = (await metrics.query(monthErrors(key, month)))[0]?.value;
    slos.push({
      name: promise,
      objectiveRatio: objective,
      attainedRatio: errors === undefined ? undefined : 1 - errors,
      budgetLeftRatio: errors === undefined ? undefined : 1 - errors / (1 - objective),
    });
  }
  return slos;
}
