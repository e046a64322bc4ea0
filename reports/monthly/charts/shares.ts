import type { TopLevelSpec } from 'vega-lite';
import { formatUsd } from '../../../kernel/money.ts';
import { totalsBy } from '../../../model/cost/lines.ts';
import { percent } from '../../figures.ts';
import type { MonthlyReport } from '../report.ts';
import { figure } from '../words.ts';
import { chart, ink, usd } from './theme.ts';

const uses = [
  { name: 'used', colour: ink.accent },
  { name: 'shared', colour: '#8a96a8' },
  { name: 'idle', colour: ink.amber },
];

/** Whom the money was spent for, the dearest first, idle among them. */
export function allocationBars({ allocations, money }: MonthlyReport): TopLevelSpec | undefined {
  const total = money.spend?.amount ?? 0;
  const parts = totalsBy(allocations, (part) => (part.use === 'idle' ? 'idle' : part.workload));
  if (parts.length === 0 || total <= 0) return undefined;
  const useOf = (key: string) =>
    key === 'idle' ? 'idle' : (allocations.find(({ workload, use }) => workload === key && use !== 'idle')?.use ?? '');
  const values = parts.slice(0, 10).map(({ key, cost }) => ({
    name: key,
    use: useOf(key),
    cost: usd(cost.best),
    label: `${formatUsd(cost.best, { digits: 0 })} · ${percent(cost.best / total)}`,
  }));
  const y = {
    field: 'name',
    type: 'nominal',
    sort: values.map(({ name }) => name),
    axis: { title: null, labelLimit: 240, labelColor: ink.ink, ticks: false, domain: false },
  } as const;
  const most = Math.max(...values.map(({ cost }) => cost));
  const x = {
    field: 'cost',
    type: 'quantitative',
    axis: null,
    scale: { domain: [Math.min(0, ...values.map(({ cost }) => cost)), most * 1.15] },
  } as const;
  return chart(
    'Cost by workload',
    { widthPx: 960, heightPx: 50 + 26 * values.length },
    {
      data: { values },
      layer: [
        {
          mark: { type: 'bar', height: 15, cornerRadius: 2 },
          encoding: {
            x,
            y,
            color: {
              field: 'use',
              type: 'nominal',
              legend: { orient: 'top' },
              scale: { domain: uses.map(({ name }) => name), range: uses.map(({ colour }) => colour) },
            },
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 5, fontSize: 11, color: ink.ink },
          encoding: { x, y, text: { field: 'label' } },
        },
      ],
    },
  );
}

const dayMs = 86_400_000;
const horizonDays = 366;

/** When each limit is reached: from the earliest date to the likely one, and by when one must have decided. */
export function runOut({ capacity, money }: MonthlyReport): TopLevelSpec | undefined {
  const fromMs = money.elapsed.untilMs;
  const untilMs = fromMs + horizonDays * dayMs;
  const at = (day: string | undefined) =>
    day === undefined ? undefined : Math.min(untilMs, Math.max(fromMs, Date.parse(day)));
  const values = capacity.constraints
    .filter(({ reaches }) => reaches.kind !== 'not-enough-data')
    .map((one) => {
      const reached = one.reaches.kind === 'reached';
      const earliest = reached ? fromMs : at(one.earliestOn);
      const likely = reached ? fromMs : at(one.likelyOn);
      return {
        name: one.name,
        earliest: earliest ?? null,
        // Beyond the year that is looked at the bar has no end.
        until: earliest === undefined ? null : (likely ?? untilMs),
        likely: likely ?? null,
        decide: at(one.decideBy) ?? null,
        label: reached
          ? 'reached'
          : earliest === undefined
            ? `not within a year: ${percent(one.usedRatio)} used`
            : likely === undefined
              ? `likely not within a year: ${figure(one.peak)} of ${figure(one.limit)} ${one.unit}`
              : `${figure(one.peak)} of ${figure(one.limit)} ${one.unit}`,
        labelAt: earliest ?? fromMs,
        // What stands far to the right is written leftwards from its end.
        align: (earliest ?? fromMs) > fromMs + (horizonDays / 2) * dayMs ? 'right' : 'left',
      };
    })
    .sort(
      (a, b) =>
        (a.likely ?? a.earliest ?? untilMs) - (b.likely ?? b.earliest ?? untilMs) || a.name.localeCompare(b.name, 'en'),
    );
  if (values.length === 0) return undefined;
  const y = {
    field: 'name',
    type: 'nominal',
    sort: values.map(({ name }) => name),
    axis: { title: null, labelLimit: 340, labelColor: ink.ink, ticks: false, domain: false, grid: true },
  } as const;
  // One layer sets the domain for all: several would quarrel about it.
  const x = (field: string, domain: object = {}) =>
    ({
      field,
      type: 'temporal',
      scale: { type: 'utc', ...domain },
      axis: { title: null, format: '%b %Y', tickCount: 12, grid: false },
    }) as const;
  const mark = (name: string) => ({
    datum: name,
    type: 'nominal',
    scale: { domain: ['decide by', 'likely reached'], range: [ink.amber, ink.danger] },
    legend: { orient: 'top', symbolType: 'circle', labelLimit: 0 },
  });
  return chart(
    'When each limit is reached',
    { widthPx: 960, heightPx: 60 + 34 * values.length },
    {
      data: { values },
      layer: [
        {
          mark: { type: 'bar', height: 12, cornerRadius: 3, color: '#f0c9c4' },
          encoding: {
            x: x('earliest'), // What Vega would say by itself names days in the machine's zone.
            x2: { field: 'until' },
            y,
            description: { field: 'label', type: 'nominal' },
          },
        },
        {
          mark: { type: 'point', filled: true, size: 70, opacity: 1 },
          encoding: { x: x('decide'), y, color: mark('decide by') },
        },
        {
          mark: { type: 'point', filled: true, size: 90, opacity: 1 },
          encoding: { x: x('likely', { domain: [fromMs, untilMs] }), y, color: mark('likely reached') },
        },
        ...(['left', 'right'] as const).map((align) => ({
          transform: [{ filter: { field: 'align', equal: align } }],
          mark: { type: 'text', align, dx: align === 'left' ? 4 : -4, dy: -12, fontSize: 11, color: ink.faint },
          encoding: { x: x(align === 'left' ? 'labelAt' : 'until'), y, text: { field: 'label' } },
        })),
      ],
    },
  );
}
