import { stringify } from 'csv-stringify/sync';
import { csvSafe, type FocusCharge, focusCsv, inDollars } from '../../cost/forms.ts';
import { dayTotals } from '../outlook.ts';
import { type MonthlyReport, schemaVersion } from '../report.ts';
import { chaptersOf, correctionOf, keyFigures, titleOf } from '../sections.ts';

/** Every table as rows, the first cell naming the table. */
export function toMonthlyCsv(report: MonthlyReport): string {
  const rows = [
    ['Answer', 'Figure', 'Value', 'Note'],
    ...keyFigures(report).map(({ name, value, note }) => ['Answer', name, value, note]),
    ...report.gaps.map((gap) => ['Missing', gap]),
    ...chaptersOf(report).flatMap(({ tables }) =>
      tables.flatMap(({ title, columns, rows: body }) => [[title, ...columns], ...body.map((row) => [title, ...row])]),
    ),
  ];
  return stringify(csvSafe(rows));
}

/** The report as JSON: money in dollars, times in ISO; `schemaVersion` grows when a reader must change. */
export function toMonthlyJson(report: MonthlyReport): string {
  const { input, inputHash, edition, running, money, answer, bridge, units, allocations, outlook, capacity } = report;
  const iso = (atMs: number) => new Date(atMs).toISOString();
  const head = {
    schemaVersion,
    title: titleOf(report),
    month: input.month,
    timeZone: input.timeZone,
    asOf: iso(input.asOfMs),
    currency: 'USD',
    edition,
    inputHash,
    correction: correctionOf(report),
    running,
    gaps: report.gaps,
  };
  const { nextThousand, ...people } = capacity;
  const amounts = inDollars({
    answer,
    estimate: money.estimate,
    coverageRatio: money.coverage,
    products: [...money.byKind].map(([kind, amount]) => ({ kind, amount })),
    resources: money.accrued.map(({ days: _days, dayHours: _hours, ...resource }) => resource),
    bridge,
    units: { ...units, days: units.days.map(({ dayMs, ...day }) => ({ day: iso(dayMs).slice(0, 10), ...day })) },
    allocations,
    forecast: outlook.forecast,
    dayTotals: dayTotals(outlook.history),
    anomalies: outlook.anomalies.map(({ fromMs, untilMs, ...one }) => ({
      from: iso(fromMs),
      until: iso(untilMs),
      ...one,
    })),
    nextThousand,
    savings: input.savings,
    reliability: input.reliability,
    reconciliation: report.reconciliation,
  });
  // People have low and high too, which are no money.
  return `${JSON.stringify({ ...head, ...amounts, capacity: people }, undefined, 2)}\n`;
}

/** The month as FOCUS rows: each resource at its estimate, and what the invoice has beyond it as tax, credit and adjustment, so that the rows sum to the total. */
export function toMonthlyFocus(report: MonthlyReport): string {
  const { money, reconciliation } = report;
  const period = money.elapsed;
  const charges: FocusCharge[] = money.accrued.map((one) => ({
    ...one,
    amount: one.cost,
    category: 'Usage',
    description: `${one.name} (${one.origin} price)`,
    sku: one.kind,
    quantity: one.billedHours,
    unit: 'hours',
  }));
  const own = (kind: string, amount: number, category: FocusCharge['category'], description: string): FocusCharge => ({
    id: kind,
    name: kind,
    kind,
    region: 'all',
    project: undefined,
    cluster: undefined,
    pool: undefined,
    amount,
    category,
    description,
    sku: kind,
    quantity: 1,
    unit: 'month',
  });
  if (money.transfer !== 0) charges.push(own('transfer', money.transfer, 'Usage', 'outbound transfer above the pool'));
  if (money.spend?.basis === 'invoice') {
    const taken = { tax: money.byKind.get('tax') ?? 0, credit: money.byKind.get('credit') ?? 0 };
    if (taken.tax !== 0) charges.push(own('tax', taken.tax, 'Tax', 'tax of the invoice'));
    if (taken.credit !== 0) charges.push(own('credit', taken.credit, 'Credit', 'credits of the invoice'));
    const rest = money.spend.amount - money.estimate.best - taken.tax - taken.credit;
    if (rest !== 0)
      charges.push(
        own(
          'adjustment',
          rest,
          'Adjustment',
          `invoice above the estimate${reconciliation === undefined ? '; the month was hardly measured' : ''}`,
        ),
      );
  }
  return focusCsv(charges, period);
}
