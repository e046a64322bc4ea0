import { type MicroUsd, sumUsd } from '../../kernel/money.ts';
import { hoursOf, monthStartMs, nextMonthMs, type Period } from './hours.ts';
import type { CostKind } from './lines.ts';
import { splitUsd } from './split.ts';

/** A stretch in which a value did not change: from, until (not in it), value. */
export type Segment = readonly [fromMs: number, untilMs: number, value: number];

/** One resource and what an hour of it cost while it was there, in micro-dollars. */
export interface ResourceHistory {
  readonly id: string;
  readonly name: string;
  readonly kind: CostKind;
  readonly region: string;
  readonly project: string | undefined;
  readonly cluster: string | undefined;
  readonly pool: string | undefined;
  readonly origin: 'api' | 'table';
  readonly perHour: readonly Segment[];
}

/** What a resource cost in a month, by day of UTC; the days sum to `cost`. */
export interface Accrued extends Omit<ResourceHistory, 'perHour'> {
  readonly cost: MicroUsd;
  /** Hours it was there, before any cap. */
  readonly hours: number;
  /** Hours that are paid for. */
  readonly billedHours: number;
  readonly days: readonly MicroUsd[];
  readonly dayHours: readonly number[];
}

const dayMs = 86_400_000;

/** The month `YYYY-MM` in UTC, by which DigitalOcean bills. Throws a RangeError for another text. */
export function monthPeriod(month: string): Period {
  const fromMs = /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? Date.parse(`${month}-01T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(fromMs)) throw new RangeError(`not a month: ${month}`);
  return { fromMs, untilMs: nextMonthMs(fromMs) };
}

/** The month of an instant, `YYYY-MM` in UTC. */
export function monthOf(atMs: number): string {
  return new Date(monthStartMs(atMs)).toISOString().slice(0, 7);
}

/** The month before. */
export function monthBefore(month: string): string {
  return monthOf(monthPeriod(month).fromMs - 1);
}

/** Midnights of the days of a period that begins with one. */
export function daysOf({ fromMs, untilMs }: Period): readonly number[] {
  return Array.from({ length: Math.ceil((untilMs - fromMs) / dayMs) }, (_none, day) => fromMs + day * dayMs);
}

/**
 * What resources cost from the start of a month. A resource is billed for at most `capHours` of it; the nodes of a pool together for its dearest days
 * that make up as many hours (DOKS pricing: the highest-usage 28 days), however often nodes come and go. What the cap takes off is spread over all days, so that a day's cost says what it used.
 */
export function accrue(resources: readonly ResourceHistory[], period: Period, capHours: number): readonly Accrued[] {
  const days = daysOf(period);
  const raw = resources.map((resource) => ({ resource, ...spread(resource.perHour, period, days) }));
  const pools = Map.groupBy(
    raw.filter(({ resource }) => resource.pool !== undefined),
    ({ resource }) => `${resource.cluster}/${resource.pool}`,
  );
  const paid = new Map([...pools].map(([pool, nodes]) => [pool, paidRatio(sumDays(nodes), capHours)]));
  return raw.map(({ resource: { perHour: _rates, ...resource }, costs, hours: dayHours }) => {
    const hours = sum(dayHours);
    const ratio =
      resource.pool === undefined
        ? Math.min(1, capHours / Math.max(hours, 1e-9))
        : (paid.get(`${resource.cluster}/${resource.pool}`) ?? 1);
    const cost = Math.round(sum(costs) * ratio) as MicroUsd;
    return {
      ...resource,
      cost,
      hours,
      billedHours: hours * ratio,
      days: cost === 0 ? days.map(() => 0 as MicroUsd) : splitUsd(cost, costs),
      dayHours,
    };
  });
}

/** What a list of day costs comes to once only the dearest days that make up the cap count. */
export function cappedTotal(days: readonly number[], capHours: number): number {
  return top(days, Math.round(capHours / 24));
}

/** Sums by day over resources. */
export function byDay(accrued: readonly Pick<Accrued, 'days'>[], days: number): readonly MicroUsd[] {
  return Array.from({ length: days }, (_none, day) => sumUsd(accrued.map((one) => one.days[day] ?? (0 as MicroUsd))));
}

/** Integral of a stepwise value over a period, in value-hours. */
export function integrate(segments: readonly Segment[], period: Period): number {
  return segments.reduce(
    (sum, [fromMs, untilMs, value]) =>
      sum + value * hoursOf({ fromMs: Math.max(fromMs, period.fromMs), untilMs: Math.min(untilMs, period.untilMs) }),
    0,
  );
}

/** Hours of a period in which there is a value. */
export function coveredHours(segments: readonly Segment[], period: Period): number {
  return integrate(
    segments.map(([fromMs, untilMs]) => [fromMs, untilMs, 1]),
    period,
  );
}

function spread(segments: readonly Segment[], period: Period, days: readonly number[]) {
  const costs = days.map(() => 0);
  const hours = days.map(() => 0);
  for (const [fromMs, untilMs, perHour] of segments) {
    const first = Math.max(0, Math.floor((fromMs - period.fromMs) / dayMs));
    for (let day = first; day < days.length; day += 1) {
      const startMs = days[day] ?? 0;
      if (startMs >= untilMs) break;
      const there = hoursOf({
        fromMs: Math.max(fromMs, startMs),
        untilMs: Math.min(untilMs, startMs + dayMs, period.untilMs),
      });
      costs[day] = (costs[day] ?? 0) + there * perHour;
      hours[day] = (hours[day] ?? 0) + there;
    }
  }
  return { costs, hours };
}

/** The share of a pool's month that is paid for. */
function paidRatio(costs: readonly number[], capHours: number): number {
  const whole = sum(costs);
  return whole === 0 ? 1 : cappedTotal(costs, capHours) / whole;
}

function top(values: readonly number[], most: number): number {
  return sum([...values].sort((a, b) => b - a).slice(0, most));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sumDays(nodes: readonly { readonly costs: readonly number[] }[]): readonly number[] {
  return (nodes[0]?.costs ?? []).map((_none, day) => nodes.reduce((sum, { costs }) => sum + (costs[day] ?? 0), 0));
}
