import type { TopLevelSpec } from 'vega-lite';
import type { Unit } from '../units.ts';
import {
  bottomOf,
  type ChartFrame,
  config,
  legend,
  type MarkLayer,
  timeAxis,
  timeScale,
  valueScale,
  within,
} from './parts.ts';
import { type ChartSeries, namedLines } from './series.ts';

/** A panel's lines, or parts of a whole, over time. */
export interface PanelChart extends ChartFrame {
  readonly title: string;
  readonly unit: Unit;
  /** Lines by the legend that names them. */
  readonly series: readonly { readonly legend: string; readonly lines: readonly ChartSeries[] }[];
  readonly stacked: boolean;
  readonly limit?: { readonly at: number; readonly direction: 'above' | 'below' } | undefined;
  readonly stepMs: number;
  /** What happened meanwhile, each a line from top to bottom in its colour. */
  readonly events?: readonly { readonly atMs: number; readonly colour: string }[];
}

type Point = { readonly t: number; readonly v: number | null; readonly series: string };

/** Counts, bytes and bits below one have no milli in front. */
const noMilli = "(abs(datum.value) < 1 ? format(datum.value, '~g') : format(datum.value, '.3~s'))";

/** How Vega writes values of a unit on the axis. */
const axes: Partial<Record<Unit, { readonly format: string } | { readonly labelExpr: string }>> = {
  percentunit: { labelExpr: "format(datum.value * 100, '~g') + ' %'" },
  s: { labelExpr: "datum.value >= 1 ? format(datum.value, '~s') + ' s' : format(datum.value * 1000, '~g') + ' ms'" },
  bytes: { labelExpr: `${noMilli} + 'B'` },
  mbytes: { labelExpr: "format(datum.value, '~s') + ' MiB'" },
  bps: { labelExpr: `${noMilli} + 'bit/s'` },
  currencyUSD: { labelExpr: "'$' + format(datum.value, '~g')" },
};

const plain = { labelExpr: noMilli };

/** A panel as a Vega-Lite spec; with more than the named worst, the others are a grey backdrop, so that a hundred nodes can be read. */
export function panelChart(chart: PanelChart): TopLevelSpec {
  const lines = renamed(chart);
  const direction = chart.limit?.direction ?? 'above';
  const { named, rest } = namedLines(lines, { legend: '{{name}}', direction, stepMs: chart.stepMs });
  const top = topOf(chart, lines);
  const bottom = bottomOf(
    points([...named, ...rest]).map(({ v }) => v),
    top,
  );
  const x = { ...timeScale(chart), axis: { ...timeAxis(chart), ...longTime(chart), title: null } };
  const y = {
    ...valueScale(top, bottom),
    stack: chart.stacked ? ('zero' as const) : null,
    axis: { title: null, tickCount: 4, ...(axes[chart.unit] ?? plain) },
  };
  const mark = chart.stacked
    ? ({ type: 'area', opacity: 0.55, clip: true } as const)
    : ({ type: 'line', strokeWidth: 1.8, clip: true, invalid: 'break-paths-show-path-domains' } as const);
  const shown = chart.stacked ? [...named, ...rest] : named;
  const names = shown.map(({ name }) => name);
  const colour = {
    field: 'series',
    type: 'nominal' as const,
    sort: null,
    scale: { domain: names, range: colours(chart, shown.length) },
    // One line is named as well: whose it is, is the question.
    legend: { ...legend(chart, names), ...(chart.stacked ? { symbolType: 'square' } : {}) },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: chart.title,
    width: chart.widthPx,
    height: chart.heightPx,
    background: 'none',
    padding: { left: 4, right: 10, top: 6, bottom: 2 },
    autosize: { type: 'fit', contains: 'padding' },
    config: config(chart.theme),
    layer: [
      ...limitLayers(chart, top, bottom),
      ...eventLayers(chart),
      ...(chart.stacked
        ? []
        : [
            {
              data: { values: within(points(rest), bottom) },
              mark: { ...mark, strokeWidth: 1, color: chart.theme.rest },
              encoding: { x, y, detail: { field: 'series' } },
            } satisfies MarkLayer,
          ]),
      { data: { values: within(points(shown), bottom) }, mark, encoding: { x, y, color: colour } },
    ],
  } satisfies TopLevelSpec;
}

/** Each line under the name that its legend gives it. */
function renamed(chart: PanelChart): readonly ChartSeries[] {
  return chart.series.flatMap(({ legend: template, lines }) =>
    lines.map((line) => ({ labels: { name: legendText(template, line.labels) }, points: line.points })),
  );
}

/** `{{label}}` of a legend filled in; a label that is not there leaves nothing. */
export function legendText(template: string, labels: Readonly<Record<string, string>>): string {
  const text = template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '').trim();
  return text === '' ? 'value' : text;
}

function points(lines: readonly { name: string; points: readonly { t: number; v: number | null }[] }[]): Point[] {
  return lines.flatMap(({ name, points: of }) => of.map((point) => ({ ...point, series: name })));
}

function colours({ theme }: PanelChart, count: number): string[] {
  return Array.from({ length: Math.max(1, count) }, (_, index) => theme.lines[index % theme.lines.length] ?? theme.ink);
}

function longTime({ fromMs, toMs }: ChartFrame) {
  return toMs - fromMs > 36 * 3_600_000 ? { format: '%d %b' } : {};
}

function topOf(chart: PanelChart, lines: readonly ChartSeries[]): number {
  const sums = new Map<number, number>();
  let most = 0;
  for (const [t, value] of lines.flatMap(({ points: of }) => of)) {
    if (!Number.isFinite(value)) continue;
    sums.set(t, (sums.get(t) ?? 0) + value);
    most = Math.max(most, chart.stacked ? (sums.get(t) ?? 0) : value);
  }
  const limit = chart.limit?.at ?? 0;
  // A limit far above everything would press the lines flat; then it stays outside.
  const seen = limit <= 4 * most || most === 0 ? Math.max(most, limit) : most;
  return seen > 0 ? seen * 1.12 : 1;
}

function limitLayers(chart: PanelChart, top: number, bottom: number): MarkLayer[] {
  const { limit, theme } = chart;
  if (limit === undefined || limit.at > top) return [];
  const bad =
    limit.direction === 'above'
      ? { y: { datum: limit.at }, y2: { datum: top } }
      : { y: { datum: bottom }, y2: { datum: limit.at } };
  return [
    { data: { values: [{}] }, mark: { type: 'rect', color: theme.dangerWash }, encoding: bad },
    {
      data: { values: [{}] },
      mark: { type: 'rule', color: theme.danger, strokeDash: [6, 4], strokeWidth: 1.2 },
      encoding: { y: { datum: limit.at } },
    },
  ];
}

function eventLayers({ events = [], ...frame }: PanelChart): MarkLayer[] {
  if (events.length === 0) return [];
  return [
    {
      data: { values: events.map(({ atMs, colour }) => ({ t: atMs, colour })) },
      mark: { type: 'rule', strokeWidth: 1, opacity: 0.7 },
      encoding: { x: timeScale(frame), color: { field: 'colour', type: 'nominal', scale: null } },
    },
  ];
}
