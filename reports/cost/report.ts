import type { Inventory } from '../../exporters/digitalocean/domain.ts';
import { transferPool } from '../../exporters/digitalocean/transfer.ts';
import type { MicroUsd } from '../../kernel/money.ts';
import type { Allocation } from '../../model/cost/allocate.ts';
import { billOf, hourOf, monthOf, transferLine } from '../../model/cost/bill.ts';
import { type Burn, burn } from '../../model/cost/budget.ts';
import { billedHours, hoursOf, type Period } from '../../model/cost/hours.ts';
import { type CostLine, type Estimate, totalOf } from '../../model/cost/lines.ts';
import { type UnitCosts, unitCosts } from '../../model/cost/units.ts';
import { type PriceBook, prices } from '../../model/prices.ts';
import { allocateBill } from './allocation.ts';
import { type Efficiency, efficiencyOf } from './efficiency.ts';
import { billedThings } from './things.ts';
import type { Usage } from './usage.ts';

/** What a month may cost, and who said so; `setBy` is undefined for the setting. */
export interface Budget {
  readonly amount: MicroUsd;
  readonly setBy: string | undefined;
  readonly setAtMs: number | undefined;
}

/** All that the cost commands show: one model, many forms. */
export interface CostReport {
  readonly nowMs: number;
  readonly period: Period;
  readonly lines: readonly CostLine[];
  readonly total: Estimate;
  readonly perHour: MicroUsd;
  readonly perMonth: Estimate;
  readonly budget: Budget;
  /** Undefined when DigitalOcean did not say what the month has cost. */
  readonly burn: Burn | undefined;
  readonly allocations: readonly Allocation[];
  /** Undefined without Prometheus. */
  readonly units: UnitCosts | undefined;
  readonly measuredHours: number;
  readonly efficiency: Efficiency;
  /** What is missing and why, and which prices are not sure; each a sentence. */
  readonly notes: readonly string[];
}

/** Makes the report of what was read. The account is as it stands now: what was deleted within the period is in the invoice, not here. */
export function costReport(input: {
  readonly inventory: Inventory;
  readonly usage: Usage | undefined;
  readonly budget: Budget;
  readonly nowMs: number;
  readonly days: number;
  readonly book?: PriceBook;
}): CostReport {
  const { inventory, usage, budget, nowMs, days, book = prices } = input;
  const period = { fromMs: nowMs - days * 86_400_000, untilMs: nowMs };
  const things = billedThings(inventory, book);
  const bill = billOf(things, period, book);
  const sent = transferOf(inventory, usage, period, nowMs, book);
  const lines = sent === undefined ? bill : [...bill, transferLine(sent, book)];
  const month = monthOf(things, book);
  const perHour = hourOf(month, book);
  const spent = inventory.parts.balance?.value.monthToDateUsage;
  const total = totalOf(lines);
  const measuredRatio = Math.min(1, (usage?.measuredHours ?? 0) / hoursOf(period));
  return {
    nowMs,
    period,
    lines,
    total,
    perHour,
    perMonth: totalOf(month),
    budget,
    burn:
      spent === undefined
        ? undefined
        : burn({ budget: budget.amount, spent, perHour, billedHoursCap: book.billedHoursCap, nowMs }),
    allocations: allocateBill(lines, inventory, usage),
    units: usage && unitCosts(share(total, measuredRatio), usage.activity, book.transferPerGib),
    measuredHours: usage?.measuredHours ?? 0,
    efficiency: efficiencyOf({ inventory, usage, monthly: month, nowMs }),
    notes: notesOf(inventory, usage, lines, sent),
  };
}

/** What went out: as the SFUs counted it over the period, else as DigitalOcean did since the month began, in proportion. */
function transferOf(inventory: Inventory, usage: Usage | undefined, period: Period, nowMs: number, book: PriceBook) {
  const { droplets, sizes, transfer } = inventory.parts;
  if (droplets === undefined || sizes === undefined) return undefined;
  const poolBytes = droplets.value.reduce((sum, { sizeSlug, createdAtMs }) => {
    const allowance = sizes.value.find(({ slug }) => slug === sizeSlug)?.transferBytes ?? 0;
    const fromMs = Math.max(period.fromMs, createdAtMs ?? period.fromMs);
    return sum + (allowance * billedHours({ ...period, fromMs }, book.billedHoursCap)) / book.billedHoursCap;
  }, 0);
  const bytes = usage?.activity.egressBytes;
  if (bytes !== undefined) return { bytes, poolBytes, counted: 'by the SFUs' };
  const pool = transferPool({
    droplets: droplets.value,
    sizes: sizes.value,
    transfer: transfer?.value ?? [],
    cappedHours: book.billedHoursCap,
    nowMs,
  });
  return pool === undefined || pool.poolBytes === 0
    ? undefined
    : {
        bytes: (pool.projectedBytes / pool.poolBytes) * poolBytes,
        poolBytes,
        counted: 'by DigitalOcean, in proportion',
      };
}

function notesOf(
  inventory: Inventory,
  usage: Usage | undefined,
  lines: readonly CostLine[],
  sent: { readonly counted: string } | undefined,
): readonly string[] {
  const doubtful = lines.filter(({ basis }) => basis === 'unconfirmed' || basis === 'unknown');
  return [
    ...inventory.gaps.map(({ part, message }) => `${part} could not be read, and is missing here: ${message}`),
    ...(usage === undefined ? ['no PROMETHEUS_URL: nothing is allocated, no unit costs, no right-sizing'] : []),
    ...(sent === undefined ? ['outbound transfer was not measured, and is missing here'] : []),
    ...[...new Set(doubtful.map(({ kind, sku, source }) => `${kind} ${sku}: ${source}`))].map(
      (text) => `price to be confirmed: ${text}`,
    ),
    ...(lines.some(({ kind }) => kind === 'spaces')
      ? ['what Spaces hold above 250 GiB is not in the API, and is missing here']
      : []),
  ];
}

function share({ best, low, high }: Estimate, ratio: number): Estimate {
  const of = (amount: MicroUsd) => Math.round(amount * ratio) as MicroUsd;
  return { best: of(best), low: of(low), high: of(high) };
}
