import type { TopLevelSpec } from 'vega-lite';

import { type ChartMarker, placeMarkers } from './markers.ts';
import {
  badSide,
  bottomOf,
  type ChartFrame,
  config,
  legend,
  lengthsOfTime,
  limitLine,
  type MarkLayer,
  noData,
  timeAxis,
  timeScale,
  valueScale,
  within,
} from './parts.ts';
import { type ChartPoint, type ChartSeries, namedLines } from './series.ts';

/** A signal, its alert's threshold, and what was done about it. Times in milliseconds since the epoch. */
export interface SignalChart extends ChartFrame {
  readonly title: string;
  readonly unit: 'ratio' | 'count' | 'seconds';
  readonly legend: string;
  readonly threshold: number;
  readonly direction: 'above' | 'below';
  readonly series: readonly ChartSeries[];
  readonly stepMs: number;
  readonly markers: readonly ChartMarker[];
}

const shapes = {
  fired: 'triangle-down',
  decided: 'diamond',
  acted: 'square',
  verified: 'circle',
  failed: 'cross',
} as const;
const rowPx = 15;

/** The chart of one signal as a Vega-Lite spec: lines, threshold with the bad side shaded, and a labelled mark for each step of the answer. */
export function signalChart(chart: SignalChart): TopLevelSpec {
  const { theme } = chart;
  const { named, rest } = namedLines(chart.series, chart);
  const top = yTop(chart);
  const x = { ...timeScale(chart), axis: timeAxis(chart) };
  const bottom = lowest(chart, top);
  const y = { ...valueScale(top, bottom), axis: { title: null, ...valueAxis(chart.unit, top) } };
  const line = { type: 'line', interpolate: 'linear', clip: true, invalid: 'break-paths-show-path-domains' } as const;
  const flat = (lines: typeof named): ChartPoint[] =>
    lines.flatMap(({ name, points }) => within(points, bottom).map((point) => ({ ...point, series: name })));
  const limit = { at: chart.threshold, direction: chart.direction };
  const colour = {
    field: 'series',
    type: 'nominal' as const,
    sort: null,
    scale: { domain: named.map(({ name }) => name), range: theme.lines.slice(0, Math.max(1, named.length)) },
    // A single line is the alert's own: its name is the title.
    legend:
      named.length < 2
        ? null
        : legend(
            chart,
            named.map(({ name }) => name),
          ),
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: chart.title,
    width: chart.widthPx,
    height: chart.heightPx,
    background: theme.background,
    padding: { left: 4, right: 10, top: 4, bottom: 4 },
    autosize: { type: 'fit', contains: 'padding' },
    config: config(theme),
    layer: [
      ...badSide(theme, limit, { bottom, top }),
      {
        data: { values: flat(rest) },
        mark: { ...line, strokeWidth: 1, color: theme.rest },
        encoding: { x, y, detail: { field: 'series' } },
      },
      { data: { values: flat(named) }, mark: { ...line, strokeWidth: 2.2 }, encoding: { x, y, color: colour } },
      ...limitLine(theme, limit, `threshold ${thresholdText(chart)}`, top),
      ...markerLayers(chart),
      ...(chart.series.every(({ points }) => points.length === 0) ? [noData(chart)] : []),
    ],
  } satisfies TopLevelSpec;
}

function valueAxis(unit: SignalChart['unit'], top: number) {
  if (unit === 'count') return { format: '~s', tickCount: 4, tickMinStep: top > 1 ? 1 : 0 };
  if (unit === 'ratio') return { format: '~%', tickCount: 4 };
  return top < 120
    ? { labelExpr: "format(datum.value, '~s') + ' s'", tickCount: 4 }
    : lengthsOfTime(top * 1_000, 1_000);
}

/** The same signal as a mark in a line of text: lines and threshold, nothing else. */
export function sparkline(chart: Omit<SignalChart, 'widthPx' | 'heightPx' | 'markers'>): TopLevelSpec {
  const { named, rest } = namedLines(chart.series, chart);
  const top = yTop(chart);
  const bottom = lowest(chart, top);
  const values = [...named, ...rest].flatMap(({ name, points }) =>
    within(points, bottom).map((point) => ({ ...point, series: name })),
  );
  const x = { ...timeScale(chart), axis: null };
  const y = { ...valueScale(top, bottom), axis: null };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: chart.title,
    width: 132,
    height: 30,
    background: chart.theme.background,
    padding: 1,
    config: { view: { stroke: null } },
    layer: [
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: chart.theme.danger, strokeDash: [3, 3], strokeWidth: 1 },
        encoding: { y: { datum: chart.threshold, type: 'quantitative', axis: null } },
      },
      {
        data: { values },
        mark: {
          type: 'line',
          clip: true,
          strokeWidth: 1.3,
          color: chart.theme.lines[0] ?? chart.theme.ink,
          invalid: 'break-paths-show-path-domains',
        },
        encoding: { x, y, detail: { field: 'series' } },
      },
    ],
  } satisfies TopLevelSpec;
}

/** The threshold as people read it: `80%`, `3`, `1.5 s`, `26 h`. */
export function thresholdText(chart: Pick<SignalChart, 'unit' | 'threshold'>): string {
  if (chart.unit === 'ratio') return `${Math.round(chart.threshold * 1_000) / 10}%`;
  if (chart.unit === 'count') return chart.threshold.toLocaleString('en-US');
  if (chart.threshold >= 2 * 86_400) return `${Math.round(chart.threshold / 8_640) / 10} d`;
  return chart.threshold >= 7_200 ? `${Math.round(chart.threshold / 360) / 10} h` : `${chart.threshold} s`;
}

function yTop(chart: Pick<SignalChart, 'unit' | 'threshold' | 'series'>): number {
  const most = chart.series
    .flatMap(({ points }) => points)
    .reduce((top, [, value]) => (Number.isFinite(value) ? Math.max(top, value) : top), chart.threshold);
  // A share has its whole, but for one of so few per cent that the whole would press it flat.
  if (chart.unit === 'ratio' && most > 0.5 && most <= 1) return 1;
  return most > 0 ? most * 1.15 : 1;
}

function lowest({ series }: Pick<SignalChart, 'series'>, top: number): number {
  return bottomOf(
    series.flatMap(({ points }) => points.map(([, value]) => (Number.isFinite(value) ? value : null))),
    top,
  );
}

function markerLayers(chart: SignalChart) {
  const placed = placeMarkers(chart.markers, chart);
  const time = timeScale(chart);
  return placed.flatMap((marker): MarkLayer[] => {
    const data = { values: [{ t: marker.atMs, label: marker.label }] };
    const color = marker.kind === 'fired' || marker.kind === 'failed' ? chart.theme.danger : chart.theme.ink;
    const y = -8 - rowPx * marker.row;
    return [
      {
        data,
        mark: { type: 'rule', color, strokeWidth: 1, opacity: 0.55 },
        encoding: { x: time, y: { value: y }, y2: { value: 'height' } },
      },
      {
        data,
        mark: { type: 'point', shape: shapes[marker.kind], filled: true, size: 60, opacity: 1, color },
        encoding: { x: time, y: { value: y } },
      },
      {
        data,
        mark: {
          type: 'text',
          align: marker.align,
          dx: marker.align === 'left' ? 8 : -8,
          baseline: 'middle',
          fontSize: 11,
          color,
        },
        encoding: { x: time, y: { value: y }, text: { field: 'label' } },
      },
    ];
  });
}
