import { type MicroUsd, sumUsd } from '../../kernel/money.ts';
import { accrue, byDay, coveredHours, daysOf, monthOf, monthPeriod } from '../../model/cost/accrual.ts';
import { type Anomaly, anomalies, type DailyCost, type Residual, residuals } from '../../model/cost/anomalies.ts';
import type { CostKind } from '../../model/cost/lines.ts';
import { forecastSpend, overrunProbability, type SpendForecast } from '../../model/forecast/spend.ts';
import type { MonthlyInput } from './input.ts';
import { joined, type MonthMoney } from './money.ts';

/** An anomaly with what is known of its cause. */
export interface ExplainedAnomaly extends Anomaly {
  readonly cause: string;
}

/** Days that stand out, and where the money goes from here. */
export interface Outlook {
  readonly anomalies: readonly ExplainedAnomaly[];
  readonly residuals: readonly Residual[];
  /** For the running month its end, for a closed one the month after; undefined where too little was measured. */
  readonly forecast: (SpendForecast & { readonly month: string; readonly overrunRatio: number }) | undefined;
  /** Day costs before the cap, by product, for the whole history; undefined is a day that was not measured. */
  readonly history: readonly DailyCost[];
}

const dayMs = 86_400_000;

/** Looks back for odd days and ahead to the end of the month. */
export function outlook(input: MonthlyInput, money: MonthMoney): Outlook {
  const period = { fromMs: input.historyFromMs, untilMs: money.elapsed.untilMs };
  const accrued = accrue(joined(input), period, Number.POSITIVE_INFINITY);
  const midnights = daysOf(period);
  const measured = midnights.map(
    (atMs) => coveredHours(input.bounds.high, { fromMs: atMs, untilMs: atMs + dayMs }) >= 12,
  );
  const history = [...Map.groupBy(accrued, ({ kind }) => kind)].map(
    ([kind, group]): DailyCost => ({
      kind,
      firstDayMs: period.fromMs,
      days: byDay(group, midnights.length).map((cost, day) => (measured[day] ? cost : undefined)),
    }),
  );
  // The last day of a running month is not over: it is forecast like those to come.
  const whole = Math.floor((money.elapsed.untilMs - period.fromMs) / dayMs);
  const complete = history.map((one) => ({ ...one, days: one.days.slice(0, whole) }));
  const explained = anomalies(complete, money.period.fromMs).map((anomaly) => ({
    ...anomaly,
    cause: causeOf(anomaly, accrued, midnights, input),
  }));
  return {
    anomalies: explained,
    residuals: residuals(complete, money.period.fromMs),
    forecast: forecast(input, money, complete),
    history,
  };
}

function forecast(input: MonthlyInput, money: MonthMoney, history: readonly DailyCost[]): Outlook['forecast'] {
  const running = money.elapsed.untilMs < money.period.untilMs;
  const target = running ? money.period : monthPeriod(monthOf(money.period.untilMs));
  const daysOfTarget = daysOf(target).length;
  const daysDone = running ? Math.floor((money.elapsed.untilMs - target.fromMs) / dayMs) : 0;
  const found = forecastSpend(history, {
    daysDone,
    daysToCome: daysOfTarget - daysDone,
    capHours: input.book.capHours,
    // Traffic above the pool: what the same pace costs over the whole month.
    extra: Math.round(
      running && daysDone > 0 ? (money.transfer * daysOfTarget) / daysDone : money.transfer,
    ) as MicroUsd,
  });
  return (
    found && { ...found, month: monthOf(target.fromMs), overrunRatio: overrunProbability(found, input.budget.amount) }
  );
}

/** What was there in those days and not in the four weeks before them, or the other way round; else the incidents of those days. */
function causeOf(
  { kind, fromMs, untilMs, difference }: Anomaly,
  accrued: ReturnType<typeof accrue>,
  midnights: readonly number[],
  input: MonthlyInput,
): string {
  const first = midnights.indexOf(fromMs);
  const days = Math.round((untilMs - fromMs) / dayMs);
  const ofKind = accrued.filter((one) => one.kind === kind);
  const hours = (group: typeof ofKind, from: number, until: number) =>
    group.reduce(
      (sum, one) => sum + one.dayHours.slice(Math.max(0, from), until).reduce((all, day) => all + day, 0),
      0,
    );
  const found: string[] = [];
  const pools = Map.groupBy(
    ofKind.filter((one) => one.pool !== undefined),
    (one) => one.pool ?? '',
  );
  for (const [pool, nodes] of pools) {
    const now = hours(nodes, first, first + days) / (24 * days);
    const before = hours(nodes, first - 28, first) / (24 * Math.min(28, Math.max(1, first)));
    if (Math.abs(now - before) >= 0.5 && Math.sign(now - before) === Math.sign(difference))
      found.push(`pool ${pool} ran ${now.toFixed(1)} nodes, ${before.toFixed(1)} in the four weeks before`);
  }
  const changed = ofKind
    .filter((one) => one.pool === undefined)
    .filter((one) => {
      const [now, before] = [hours([one], first, first + 1), hours([one], first - 7, first - 6)];
      return difference > 0 ? now > before : now < before;
    })
    .map(({ name }) => name);
  if (changed.length > 0)
    found.push(
      `${difference > 0 ? 'new' : 'gone'}: ${changed.slice(0, 3).join(', ')}${changed.length > 3 ? ` and ${changed.length - 3} more` : ''}`,
    );
  const incidents = (input.reliability?.incidents ?? []).filter(
    ({ openedAtMs, closedAtMs }) => openedAtMs < untilMs && (closedAtMs ?? openedAtMs) >= fromMs,
  );
  if (found.length === 0)
    found.push(...incidents.slice(0, 2).map(({ title }) => `nothing changed that was counted; incident: ${title}`));
  return found.length === 0 ? 'not explained' : found.join('; ');
}

/** Sum of all products by day; undefined where any was not measured. */
export function dayTotals(history: readonly DailyCost[]): readonly (MicroUsd | undefined)[] {
  const days = history[0]?.days.length ?? 0;
  return Array.from({ length: days }, (_none, day) => {
    const known = history.map((one) => one.days[day]);
    return known.some((value) => value === undefined)
      ? undefined
      : sumUsd(known.filter((value) => value !== undefined));
  });
}

/** The products of the estimate in the order in which they are shown, dearest first. */
export function kindsBySize(amounts: ReadonlyMap<CostKind, MicroUsd>): readonly CostKind[] {
  return [...amounts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], 'en')).map(([kind]) => kind);
}
