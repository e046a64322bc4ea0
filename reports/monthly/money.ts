import { type MicroUsd, sumUsd, timesUsd } from '../../kernel/money.ts';
import {
  type Accrued,
  accrue,
  byDay,
  coveredHours,
  daysOf,
  integrate,
  monthBefore,
  monthPeriod,
  type ResourceHistory,
  type Segment,
} from '../../model/cost/accrual.ts';
import { hoursOf, type Period } from '../../model/cost/hours.ts';
import { type InvoicedKind, invoiceByKind, type Reconciliation, reconcile } from '../../model/cost/invoice.ts';
import type { CostKind, Estimate } from '../../model/cost/lines.ts';
import type { MonthlyInput } from './input.ts';

/** A month's money: what was estimated, what was billed, and which of the two the report goes by. */
export interface MonthMoney {
  readonly month: string;
  readonly period: Period;
  /** The part of the month that is over. */
  readonly elapsed: Period;
  readonly accrued: readonly Accrued[];
  readonly transfer: MicroUsd;
  readonly estimate: Estimate;
  /** Undefined until the invoice is there. */
  readonly invoice: ReadonlyMap<InvoicedKind, MicroUsd> | undefined;
  readonly spend: { readonly amount: MicroUsd; readonly basis: 'invoice' | 'estimate' } | undefined;
  readonly byKind: ReadonlyMap<InvoicedKind, MicroUsd>;
  /** Share of the elapsed hours for which costs were measured. */
  readonly coverage: number;
}

/** Less of a month than this is no estimate of it. */
const leastCoverage = 0.5;

/** What a month cost by everything that is known of it; `daysOnly` cuts it to its first days. */
export function monthMoney(input: MonthlyInput, month: string, daysOnly?: number): MonthMoney {
  const period = monthPeriod(month);
  const untilMs = Math.min(
    period.untilMs,
    input.asOfMs,
    daysOnly === undefined ? Number.POSITIVE_INFINITY : period.fromMs + daysOnly * 86_400_000,
  );
  const elapsed = { fromMs: period.fromMs, untilMs: Math.max(period.fromMs, untilMs) };
  const accrued = accrue(joined(input), elapsed, input.book.capHours);
  const transfer = transferCost(input, month);
  const best = sumUsd([...accrued.map(({ cost }) => cost), transfer]);
  const coverage = hoursOf(elapsed) === 0 ? 0 : coveredHours(input.bounds.high, elapsed) / hoursOf(elapsed);
  const bill = input.invoices.find((one) => one.period === month && !one.isPreview);
  const whole = daysOnly === undefined;
  const invoice =
    bill === undefined || !whole
      ? undefined
      : invoiceByKind(
          bill.amount,
          (bill.items ?? []).map(({ product, description, amount }) => ({ product, description, amount })),
        );
  const byEstimate = new Map<InvoicedKind, MicroUsd>(estimateByKind(accrued, transfer));
  return {
    month,
    period,
    elapsed,
    accrued,
    transfer,
    estimate: { best, ...boundsOf(input, elapsed, best, transfer) },
    invoice,
    spend:
      bill !== undefined && whole
        ? { amount: bill.amount, basis: 'invoice' }
        : coverage >= leastCoverage
          ? { amount: best, basis: 'estimate' }
          : undefined,
    byKind: invoice ?? byEstimate,
    coverage,
  };
}

/** The month before, as far as it can be compared: a running month against as many days. */
export function lastMonthMoney(input: MonthlyInput, now: MonthMoney): MonthMoney {
  const running = now.elapsed.untilMs < now.period.untilMs;
  const days = Math.floor(hoursOf(now.elapsed) / 24);
  return monthMoney(input, monthBefore(input.month), running ? days : undefined);
}

/** The estimate by product. */
export function estimateByKind(
  accrued: readonly Pick<Accrued, 'kind' | 'cost'>[],
  transfer: MicroUsd,
): ReadonlyMap<CostKind, MicroUsd> {
  const kinds = new Map<CostKind, MicroUsd>(
    [...Map.groupBy(accrued, ({ kind }) => kind)].map(([kind, group]) => [kind, sumUsd(group.map(({ cost }) => cost))]),
  );
  if (transfer !== 0) kinds.set('transfer', transfer);
  return kinds;
}

/** Estimate against invoice; undefined without an invoice or without an estimate worth the name. */
export function reconciliation(input: MonthlyInput, money: MonthMoney): Reconciliation | undefined {
  if (money.invoice === undefined || money.coverage < leastCoverage) return undefined;
  return reconcile(estimateByKind(money.accrued, money.transfer), money.invoice, (kind) => {
    const doubt = input.book.doubts[kind];
    if (doubt !== undefined) return doubt;
    // Below this what stood before and after an outage stands for it.
    return money.coverage < 0.9 ? 'much of the month was not measured' : undefined;
  });
}

/** What each day added to the bill, by product; the days of a product sum to it. */
export function dailyByKind(
  money: MonthMoney,
): readonly { readonly kind: CostKind; readonly days: readonly MicroUsd[] }[] {
  const days = daysOf(money.elapsed).length;
  return [...Map.groupBy(money.accrued, ({ kind }) => kind)].map(([kind, group]) => ({
    kind,
    days: byDay(group, days),
  }));
}

/** Resources with the exporter's outages bridged: what was there before and after one was there in between. */
export function joined({ resources, bounds }: MonthlyInput): readonly ResourceHistory[] {
  return resources.map((resource) => ({
    id: resource.id,
    name: resource.name,
    kind: resource.kind,
    region: resource.region,
    project: resource.project,
    cluster: resource.cluster,
    pool: resource.pool,
    origin: resource.origin,
    perHour: resource.perHour.reduce<Segment[]>((done, segment) => {
      const last = done.at(-1);
      if (last !== undefined && last[1] < segment[0] && isOutage(bounds.high, { fromMs: last[1], untilMs: segment[0] }))
        done.push([last[1], segment[0], last[2]]);
      done.push(segment);
      return done;
    }, []),
  }));
}

function isOutage(known: readonly Segment[], gap: Period): boolean {
  return coveredHours(known, gap) <= hoursOf(gap) * 0.1;
}

function transferCost(input: MonthlyInput, month: string): MicroUsd {
  const sent = input.transfer.find((one) => one.month === month);
  if (sent === undefined) return 0 as MicroUsd;
  return timesUsd(input.book.transferPerGib, Math.max(0, sent.usedBytes - sent.poolBytes) / 1024 ** 3);
}

/** The bounds of what an hour cost, as shares of the middle, put on the estimate; traffic has one price. */
function boundsOf(
  { bounds }: MonthlyInput,
  elapsed: Period,
  best: MicroUsd,
  transfer: MicroUsd,
): { readonly low: MicroUsd; readonly high: MicroUsd } {
  const [low, high] = [integrate(bounds.low, elapsed), integrate(bounds.high, elapsed)];
  const middle = (low + high) / 2;
  const of = (bound: number) =>
    middle > 0 ? (Math.round(((best - transfer) * bound) / middle + transfer) as MicroUsd) : best;
  return { low: of(low), high: of(high) };
}
