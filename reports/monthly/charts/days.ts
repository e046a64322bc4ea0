import type { TopLevelSpec } from 'vega-lite';
import { formatUsd, type MicroUsd } from '../../../kernel/money.ts';
import { productName } from '../../../model/cost/invoice.ts';
import { smallUsd } from '../../figures.ts';
import type { MonthlyReport } from '../report.ts';
import { dayName } from '../words.ts';
import { chart, dayAxis as days, dollars, ink, onWhite, usd } from './theme.ts';

const dayMs = 86_400_000;

/** A participant-hour by day; a day that was hardly measured breaks the line. */
export function unitLine({ units }: MonthlyReport): TopLevelSpec | undefined {
  const values = units.days.map(({ dayMs: day, perParticipantHour }) => ({
    day,
    cost: perParticipantHour === undefined ? null : usd(perParticipantHour),
  }));
  const mean = units.costs.perParticipantHour;
  if (mean === undefined) return undefined;
  return chart(
    'Cost of a participant-hour by day',
    { widthPx: 470, heightPx: 240 },
    {
      layer: [
        {
          data: { values },
          mark: {
            type: 'line',
            color: ink.accent,
            strokeWidth: 2,
            point: { size: 22, filled: true },
            invalid: 'break-paths-show-path-domains',
          },
          encoding: {
            x: { field: 'day', ...days },
            y: { field: 'cost', type: 'quantitative', axis: { title: null, format: '$.3f', tickCount: 5 } },
          },
        },
        {
          data: { values: [{ cost: usd(mean.best) }] },
          mark: { type: 'rule', color: ink.faint, strokeDash: [4, 3] },
          encoding: { y: { field: 'cost', type: 'quantitative' } },
        },
        ...onWhite({
          data: { values: [{ cost: usd(mean.best), label: `month ${smallUsd(mean.best)}` }] },
          mark: { type: 'text', align: 'right', dy: -7, dx: -4, color: ink.faint, fontSize: 11 },
          encoding: { x: { value: 'width' }, y: { field: 'cost', type: 'quantitative' }, text: { field: 'label' } },
        }),
      ],
    },
  );
}

/** How far each day lay from its weekday, in dollars; the odd ones are named. */
export function residualDots({ outlook }: MonthlyReport): TopLevelSpec | undefined {
  if (outlook.residuals.length === 0) return undefined;
  const odd = (atMs: number, kind: string) =>
    outlook.anomalies.some((one) => one.kind === kind && atMs >= one.fromMs && atMs < one.untilMs);
  const values = outlook.residuals.map(({ kind, dayMs: day, difference }) => ({
    day,
    kind: productName(kind),
    difference: usd(difference),
    what: odd(day, kind) ? 'stands out' : 'as usual',
  }));
  const named = outlook.anomalies.slice(0, 3).map(({ kind, fromMs, untilMs, difference }) => ({
    day: fromMs,
    difference: usd(difference) / Math.max(1, Math.round((untilMs - fromMs) / dayMs)),
    label: `${productName(kind)}, ${dayName(fromMs)}`,
  }));
  const x = { field: 'day', ...days };
  const y = { field: 'difference', type: 'quantitative', ...dollars() } as const;
  return chart(
    'Each day against its weekday',
    { widthPx: 470, heightPx: 220 },
    {
      layer: [
        {
          data: { values },
          mark: { type: 'circle', size: 34, opacity: 0.8 },
          encoding: {
            x,
            y,
            color: {
              field: 'what',
              type: 'nominal',
              scale: { domain: ['as usual', 'stands out'], range: [ink.rest, ink.danger] },
              legend: { orient: 'top' },
            },
          },
        },
        ...onWhite({
          data: { values: named },
          mark: { type: 'text', align: 'right', dx: -6, dy: -6, fontSize: 11, color: ink.ink },
          encoding: { x, y, text: { field: 'label' } },
        }),
      ],
    },
  );
}

/** What could be saved, the largest first. */
export function savingBars({ input }: MonthlyReport): TopLevelSpec | undefined {
  const values = input.savings
    .filter(({ saving }) => saving !== undefined && saving > 0)
    .slice(0, 8)
    .map(({ what, saving = 0 as MicroUsd }, order) => ({
      what,
      saving: usd(saving),
      order,
      label: formatUsd(saving, { digits: 0 }),
    }));
  if (values.length === 0) return undefined;
  const y = {
    field: 'what',
    type: 'nominal',
    sort: values.map(({ what }) => what),
    axis: { title: null, labelLimit: 340, labelColor: ink.ink, ticks: false, domain: false },
  } as const;
  const x = { field: 'saving', type: 'quantitative', axis: null } as const;
  return chart(
    'What could be saved a month',
    { widthPx: 960, heightPx: 40 + 30 * values.length },
    {
      data: { values },
      layer: [
        { mark: { type: 'bar', color: ink.good, height: 14, cornerRadius: 2 }, encoding: { x, y } },
        {
          mark: { type: 'text', align: 'left', dx: 4, fontSize: 11, color: ink.ink },
          encoding: { x, y, text: { field: 'label' } },
        },
      ],
    },
  );
}
