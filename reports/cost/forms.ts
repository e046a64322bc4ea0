import { stringify } from 'csv-stringify/sync';
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

const categories: Readonly<Record<CostReport['lines'][number]['kind'], string>> = {
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

/** The bill as FOCUS rows; estimates at list price, so that all four costs are one. */
export function toFocus({ lines, period }: CostReport): string {
  const provider = 'DigitalOcean';
  const rows = lines.map((line) => {
    const cost = dollars(line.cost.best);
    return [
      cost,
      cost,
      cost,
      cost,
      'USD',
      iso(period.fromMs),
      iso(period.untilMs),
      'Usage',
      `${line.name} (${line.origin} price, ${line.basis}; ${dollars(line.cost.low)} to ${dollars(line.cost.high)})`,
      provider,
      provider,
      provider,
      categories[line.kind],
      line.kind,
      line.region,
      line.id,
      line.name,
      line.kind,
      line.sku,
      line.quantity,
      line.unit,
      line.quantity,
      line.unit,
      JSON.stringify({ project: line.project, cluster: line.cluster, pool: line.pool }),
    ];
  });
  return csv([focusColumns, ...rows]);
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
]);

function inDollars<T extends object>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (money.has(key) && typeof inner === 'number' ? inner / 1e6 : inner)),
  );
}

function csv(rows: readonly (readonly unknown[])[]): string {
  // Names come from whoever named a resource: a spreadsheet must not take one for a formula, nor a terminal for a command.
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? cell.replace(/[\p{Cc}\p{Cf}]/gu, ' ') : cell)),
  );
  return stringify(cells, { escape_formulas: true });
}

function dollars(amount: number): string {
  return (amount / 1e6).toFixed(6);
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
