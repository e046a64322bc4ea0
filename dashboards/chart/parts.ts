import type { TopLevelSpec } from 'vega-lite';
import type { ChartTheme } from './theme.ts';

/** A layer of a chart. */
export type MarkLayer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** The frame that every chart shares; times in milliseconds since the epoch. */
export interface ChartFrame {
  readonly fromMs: number;
  readonly toMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly theme: ChartTheme;
  /** Moments are the clock's, in UTC, unless time is counted from the chart's start. */
  readonly clock?: 'UTC' | 'from 0';
}

/** Time from left to right, in UTC. */
export function timeScale(chart: Pick<ChartFrame, 'fromMs' | 'toMs'>) {
  return {
    field: 't',
    type: 'temporal' as const,
    scale: { type: 'utc' as const, domain: [chart.fromMs, chart.toMs], nice: false },
  };
}

/** Values from `bottom` to `top`. */
export function valueScale(top: number, bottom = 0) {
  return { field: 'v', type: 'quantitative' as const, scale: { domain: [bottom, top], nice: false } };
}

/** Where the scale begins: at 0, or below where values are; what is far below presses nothing flat. */
export function bottomOf(values: readonly (number | null)[], top: number): number {
  const lowest = values.reduce<number>((least, value) => Math.min(least, value ?? 0), 0);
  return Math.max(lowest, -top);
}

/** The points at the edge instead of beyond it: a line wholly outside its frame ends the process that makes a PNG of it. */
export function within<P extends { readonly v: number | null }>(points: readonly P[], bottom: number): P[] {
  return points.map((point) => (point.v === null || point.v >= bottom ? point : { ...point, v: bottom }));
}

/** Hours of the day, 24 of them; or minutes, hours and days since the start. */
export function timeAxis(chart: ChartFrame) {
  const ticks = Math.max(2, Math.floor(chart.widthPx / 90));
  // Two ticks of one minute want their seconds.
  const short = (chart.toMs - chart.fromMs) / ticks < 60_000;
  if (chart.clock === 'from 0') return { title: null, ...lengthsOfTime(chart.toMs - chart.fromMs, 1) };
  return {
    title: 'UTC',
    titleAlign: 'right',
    titleAnchor: 'end',
    format: short ? '%H:%M:%S' : '%H:%M',
    formatType: 'time',
    tickCount: ticks,
    labelOverlap: true,
  } as const;
}

/** Round ticks up to a length of time in minutes, hours or days; a scale in seconds has 1,000 ms to its unit. */
export function lengthsOfTime(topMs: number, scaleMs: 1 | 1_000) {
  const [name, unitMs] =
    topMs < 3 * 3_600_000 ? ['min', 60_000] : topMs < 3 * 86_400_000 ? ['h', 3_600_000] : ['d', 86_400_000];
  const steps = [0.25, 0.5, 1, 2, 5, 10, 20, 30, 60];
  const step = unitMs * (steps.find((size) => topMs / (size * unitMs) <= 8) ?? 100);
  return {
    values: Array.from({ length: Math.floor(topMs / step) + 1 }, (_, index) => (index * step) / scaleMs),
    labelExpr: `format(datum.value / ${unitMs / scaleMs}, '~g') + ' ${name}'`,
  };
}

/** What a letter of a legend takes at the most, and what stands beside a name: its stroke and the gap to the next. */
const letterPx = 8.8;
const besideNamePx = 35;

/** Names below the chart, in columns wide enough for the longest; one that is longer than the chart is cut. */
export function legend({ theme, widthPx }: ChartFrame, names: readonly string[]) {
  const longest = Math.max(0, ...names.map(({ length }) => length)) * letterPx + besideNamePx;
  const columns = Math.max(1, Math.floor(widthPx / Math.max(225, longest)));
  return {
    title: null,
    orient: 'bottom',
    direction: 'horizontal',
    symbolType: 'stroke',
    symbolStrokeWidth: 3,
    labelColor: theme.ink,
    labelLimit: Math.floor(widthPx / columns) - besideNamePx,
    columnPadding: 14,
    columns,
  } as const;
}

/** From where on values are bad. */
export interface ChartLimit {
  readonly at: number;
  readonly direction: 'above' | 'below';
}

/** The bad side, shaded; where all but the edge is bad, a red picture would cry of nothing. */
export function badSide(
  theme: ChartTheme,
  limit: ChartLimit | undefined,
  { bottom, top }: { readonly bottom: number; readonly top: number },
): MarkLayer[] {
  if (limit === undefined || limit.at > top) return [];
  const [from, to] = limit.direction === 'above' ? [limit.at, top] : [bottom, limit.at];
  if ((to - from) / (top - bottom) > 0.85) return [];
  return [
    {
      data: { values: [{}] },
      mark: { type: 'rect', color: theme.dangerWash },
      encoding: { y: { datum: from }, y2: { datum: to } },
    },
  ];
}

/** The limit as a line with its words: on the bad side, or above it where there is no room below. */
export function limitLine(theme: ChartTheme, { at, direction }: ChartLimit, words: string, top: number): MarkLayer[] {
  return [
    {
      data: { values: [{}] },
      mark: { type: 'rule', color: theme.danger, strokeDash: [6, 4], strokeWidth: 1.4 },
      encoding: { y: { datum: at } },
    },
    {
      data: { values: [{ label: words }] },
      mark: {
        type: 'text',
        align: 'left',
        dx: 5,
        dy: direction === 'above' || at < 0.12 * top ? -7 : 9,
        color: theme.danger,
        fontSize: 11,
      },
      encoding: { x: { value: 0 }, y: { datum: at }, text: { field: 'label' } },
    },
  ];
}

/** Says that there is nothing to draw, where the lines would be: an empty frame would pass for a calm one. */
export function noData(chart: ChartFrame): MarkLayer {
  return {
    data: { values: [{ label: 'no data' }] },
    mark: { type: 'text', fontSize: 20, fontWeight: 'bold', color: chart.theme.danger },
    encoding: { x: { value: chart.widthPx / 2.2 }, y: { value: chart.heightPx / 3 }, text: { field: 'label' } },
  };
}

/** Type and colours of axes and legend. */
export function config(theme: ChartTheme) {
  return {
    font: theme.font,
    view: { stroke: theme.grid },
    axis: {
      gridColor: theme.grid,
      domainColor: theme.grid,
      tickColor: theme.grid,
      labelColor: theme.faint,
      titleColor: theme.faint,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 'normal',
    },
    legend: { labelFontSize: 11 },
  } as const;
}
