import type { TopLevelSpec } from 'vega-lite';
import { formatUsd, formatUsdChange, type MicroUsd } from '../../../kernel/money.ts';
import { daysOf } from '../../../model/cost/accrual.ts';
import { productName } from '../../../model/cost/invoice.ts';
import { dailyByKind, estimateByKind } from '../money.ts';
import { kindsBySize } from '../outlook.ts';
import type { MonthlyReport } from '../report.ts';
import { monthName } from '../words.ts';
import { chart, dayAxis as days, dollars, ink, kindColour, onWhite, usd } from './theme.ts';

const dayMs = 86_400_000;

/** From last month's amount to this one's, step by step. */
export function waterfall({ bridge, input }: MonthlyReport): TopLevelSpec | undefined {
  if (bridge.kind === 'none') return undefined;
  const shown = gathered(bridge.steps);
  let at = bridge.from as number;
  const bars = [
    {
      name: bridge.basis === 'invoice' ? 'last month' : 'last month (estimate)',
      from: 0,
      to: usd(bridge.from),
      sort: 'total',
      label: formatUsd(bridge.from, { digits: 0 }),
    },
    ...shown.map(({ name, amount }) => {
      const bar = {
        name,
        from: usd(at),
        to: usd(at + amount),
        sort: amount > 0 ? 'more' : 'less',
        label: formatUsdChange(amount as MicroUsd),
      };
      at += amount;
      return bar;
    }),
    {
      name: monthName(input.month).split(' ')[0] ?? '',
      from: 0,
      to: usd(bridge.to),
      sort: 'total',
      label: formatUsd(bridge.to, { digits: 0 }),
    },
  ].map((bar, order) => ({ ...bar, order, top: Math.max(bar.from, bar.to) }));
  // Steps are small beside the totals: the axis begins where the change does.
  const least = Math.min(...bars.map(({ from, to, sort }) => (sort === 'total' ? to : Math.min(from, to))));
  const most = Math.max(...bars.map(({ top }) => top));
  const floor = Math.max(0, least - (most - least) * 0.6);
  const x = {
    field: 'name',
    type: 'nominal',
    sort: bars.map(({ name }) => name),
    axis: {
      title: null,
      labelAngle: 0,
      labelLimit: 200,
      labelExpr: "split(datum.label, ' ')",
    },
  } as const;
  const scale = { domain: [floor, most + (most - floor) * 0.08], nice: false, zero: false };
  return chart(
    'From last month to this',
    { widthPx: 960, heightPx: 300 },
    {
      data: { values: bars.map((bar) => ({ ...bar, from: Math.max(floor, bar.from) })) },
      layer: [
        {
          mark: { type: 'bar', size: 46, cornerRadius: 2 },
          encoding: {
            x,
            y: { field: 'from', type: 'quantitative', scale, ...dollars() },
            y2: { field: 'to' },
            color: {
              field: 'sort',
              type: 'nominal',
              legend: null,
              scale: { domain: ['total', 'more', 'less'], range: ['#51607a', ink.danger, ink.good] },
            },
          },
        },
        {
          mark: { type: 'text', dy: -8, fontSize: 12, color: ink.ink, fontWeight: 'bold' },
          encoding: { x, y: { field: 'top', type: 'quantitative', scale }, text: { field: 'label' } },
        },
      ],
    },
  );
}

/** The seven largest steps; the rest is one. */
function gathered(steps: readonly { readonly name: string; readonly amount: number }[]) {
  const most = 7;
  if (steps.length <= most) return steps;
  const kept = new Set([...steps].sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount)).slice(0, most - 1));
  const rest = steps.filter((step) => !kept.has(step)).reduce((sum, { amount }) => sum + amount, 0);
  return [...steps.filter((step) => kept.has(step)), { name: 'all else', amount: rest }];
}

/** What each day added, by product. */
export function dailyArea({ money }: MonthlyReport): TopLevelSpec {
  const midnights = daysOf(money.elapsed);
  const order = kindsBySize(estimateByKind(money.accrued, 0 as MicroUsd));
  const values = dailyByKind(money).flatMap(({ kind, days: costs }) =>
    costs.map((cost, day) => ({
      day: midnights[day],
      kind: productName(kind),
      cost: usd(cost),
      order: order.indexOf(kind),
    })),
  );
  return chart(
    'Cost of each day by product',
    { widthPx: 960, heightPx: 260 },
    {
      data: { values },
      mark: { type: 'bar', size: 22 },
      encoding: {
        x: { field: 'day', ...days },
        y: { field: 'cost', type: 'quantitative', stack: true, ...dollars() },
        order: { field: 'order' },
        color: {
          field: 'kind',
          type: 'nominal',
          scale: { domain: order.map(productName), range: order.map(kindColour) },
          legend: { orient: 'top', columns: 6 },
        },
      },
    },
  );
}

/** Spend so far against the budget, and where the running month or the one after will end. */
export function burnUp({ money, input, outlook, running }: MonthlyReport): TopLevelSpec {
  const midnights = daysOf(money.elapsed);
  const perDay = dailyByKind(money);
  const factor = money.estimate.best > 0 ? (money.spend?.amount ?? money.estimate.best) / money.estimate.best : 1;
  const traffic = money.transfer / Math.max(1, midnights.length);
  let sum = 0;
  const spent = [
    { day: money.period.fromMs, cost: 0 },
    ...midnights.map((atMs, day) => {
      sum += perDay.reduce((all, one) => all + (one.days[day] ?? 0), traffic) * factor;
      return { day: atMs + dayMs, cost: usd(sum) };
    }),
  ];
  const budget = usd(input.budget.amount);
  const ahead = running ? outlook.forecast : undefined;
  const fan =
    ahead === undefined
      ? []
      : [
          { day: money.elapsed.untilMs, low: usd(sum), likely: usd(sum), high: usd(sum) },
          { day: money.period.untilMs, low: usd(ahead.low), likely: usd(ahead.likely), high: usd(ahead.high) },
        ];
  const x = { field: 'day', ...days };
  const y = { type: 'quantitative', ...dollars() } as const;
  return chart(
    'Spend against the budget',
    { widthPx: 470, heightPx: 240 },
    {
      layer: [
        {
          data: { values: fan },
          mark: { type: 'area', color: ink.soft },
          encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' } },
        },
        {
          data: { values: fan },
          mark: { type: 'line', color: ink.accent, strokeDash: [4, 3] },
          encoding: { x, y: { field: 'likely', ...y } },
        },
        {
          data: { values: spent },
          mark: { type: 'area', color: ink.accent, opacity: 0.12 },
          encoding: { x, y: { field: 'cost', ...y } },
        },
        {
          data: { values: spent },
          mark: { type: 'line', color: ink.accent, strokeWidth: 2.5 },
          encoding: { x, y: { field: 'cost', ...y } },
        },
        {
          data: { values: [{ budget }] },
          mark: { type: 'rule', color: ink.danger, strokeDash: [6, 4], strokeWidth: 1.4 },
          encoding: { y: { field: 'budget', ...y } },
        },
        ...onWhite({
          data: { values: [{ budget, label: `budget ${formatUsd(input.budget.amount, { digits: 0 })}` }] },
          mark: { type: 'text', align: 'left', dx: 4, dy: -7, color: ink.danger, fontSize: 11 },
          encoding: { x: { value: 0 }, y: { field: 'budget', ...y }, text: { field: 'label' } },
        }),
      ],
    },
  );
}
