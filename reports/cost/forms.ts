import { stringify } from 'csv-stringify/sync';
import type { Period } from '../../model/cost/hours.ts';
import type { CostReport } from './report.ts';
import { type CostView, sectionsOf } from './sections.ts';

/** Columns of the FOCUS 1.2 export, in order: https://focus.finops.org/focus-specification/v1-2/ */
const focusColumns = [
  'BilledCost',
  'EffectiveCost',
  'ListCost',
  'ContractedCost',
  'BillingCurrency',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'ChargeCategory',
  'ChargeDescription',
  'ProviderName',
  'PublisherName',
  'InvoiceIssuerName',
  'ServiceCategory',
  'ServiceName',
  'RegionId',
  'ResourceId',
  'ResourceName',
  'ResourceType',
  'SkuId',
  'PricingQuantity',
  'PricingUnit',
  'ConsumedQuantity',
  'ConsumedUnit',
  'Tags',
] as const;

const categories: Readonly<Record<string, string>> = {
  droplet: 'Compute',
  control_plane: 'Compute',
  database: 'Databases',
  load_balancer: 'Networking',
  reserved_ip: 'Networking',
  transfer: 'Networking',
  volume: 'Storage',
  snapshot: 'Storage',
  spaces: 'Storage',
  registry: 'Developer Tools',
};

/** One charge as FOCUS wants it; the amount in micro-dollars. */
export interface FocusCharge {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly region: string;
  readonly project: string | undefined;
  readonly cluster: string | undefined;
  readonly pool: string | undefined;
  readonly amount: number;
  readonly category: 'Usage' | 'Tax' | 'Credit' | 'Adjustment';
  readonly description: string;
  readonly sku: string;
  readonly quantity: number;
  readonly unit: string;
}

/** Charges of a period as FOCUS rows; all four costs are one, since nothing is known of contracts. */
export function focusCsv(charges: readonly FocusCharge[], period: Period): string {
  const provider = 'DigitalOcean';
  const rows = charges.map((charge) => {
    const cost = dollars(charge.amount);
    return [
      cost,
      cost,
      cost,
      cost,
      'USD',
      iso(period.fromMs),
      iso(period.untilMs),
      charge.category,
      charge.description,
      provider,
      provider,
      provider,
      categories[charge.kind] ?? 'Other',
      charge.kind,
      charge.region,
      charge.id,
      charge.name,
      charge.kind,
      charge.sku,
      charge.quantity,
      charge.unit,
      charge.quantity,
      charge.unit,
      JSON.stringify({ project: charge.project, cluster: charge.cluster, pool: charge.pool }),
    ];
  });
  return csv([focusColumns, ...rows]);
}

/** The bill as FOCUS rows, at list price. */
export function toFocus({ lines, period }: CostReport): string {
  return focusCsv(
    lines.map(({ cost, origin, basis, ...line }) => ({
      ...line,
      amount: cost.best,
      category: 'Usage' as const,
      description: `${line.name} (${origin} price, ${basis}; ${dollars(cost.low)} to ${dollars(cost.high)})`,
    })),
    period,
  );
}

/** Every table of a view as rows, the first cell naming the table. */
export function toCsv(report: CostReport, view: CostView): string {
  return csv(
    sectionsOf(report, view).flatMap(({ title, columns, rows }) => [
      ['table', ...columns],
      ...rows.map((row) => [title, ...row]),
    ]),
  );
}

/** The report as JSON: money in dollars with six decimals at the most, times in ISO. */
export function toJson(report: CostReport, view: CostView): string {
  const { nowMs, period, lines, allocations, efficiency, budget, ...rest } = report;
  const chosen = {
    schemaVersion: 1,
    view,
    asOf: iso(nowMs),
    period: { from: iso(period.fromMs), until: iso(period.untilMs) },
    currency: 'USD',
    ...inDollars({
      budget: { ...budget, setAt: budget.setAtMs === undefined ? undefined : iso(budget.setAtMs), setAtMs: undefined },
      ...rest,
      ...(view === 'efficiency' || view === 'monitor' ? { efficiency } : {}),
      ...(view === 'report' ? { lines, allocations } : {}),
    }),
  };
  return `${JSON.stringify(chosen, undefined, 2)}\n`;
}

/** Names of the fields that hold micro-dollars. */
const money: ReadonlySet<string> = new Set([
  'best',
  'low',
  'high',
  'amount',
  'spent',
  'forecast',
  'budget',
  'saving',
  'perHour',
  'monthlyPerNode',
  'egressPerParticipantHour',
  'cost',
  'usual',
  'difference',
  'estimate',
  'invoice',
  'from',
  'to',
  'likely',
  'costPerHour',
  'perParticipantHour',
  'perGib',
  'fixed',
  'variable',
  'monthly',
]);

/** A copy in which the fields that hold micro-dollars hold dollars. */
export function inDollars<T extends object>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (money.has(key) && typeof inner === 'number' ? inner / 1e6 : inner)),
  );
}

function csv(rows: readonly (readonly unknown[])[]): string {
  // Names come from whoever named a resource: a spreadsheet must not take one for a formula, nor a terminal for a command.
  return stringify(csvSafe(rows));
}

/** The same rows without what commands a terminal or what a spreadsheet takes for a formula; an amount with its sign is neither. */
export function csvSafe(rows: readonly (readonly unknown[])[]): unknown[][] {
  return rows.map((row) =>
    row.map((cell) => {
      if (typeof cell !== 'string') return cell;
      const text = cell.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
      return /^[=+\-@＝＋－＠]/u.test(text) && !/^[+-]\$?\d[\d,.]*( %)?$/.test(text) ? `'${text}` : text;
    }),
  );
}

function dollars(amount: number): string {
  return (amount / 1e6).toFixed(6);
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
