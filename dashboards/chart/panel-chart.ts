import type { TopLevelSpec } from 'vega-lite';
import { type Unit, units } from '../units.ts';
import { dayAxis, valueAxis } from './axes.ts';
import {
  badSide,
  bottomOf,
  type ChartFrame,
  config,
  legend,
  limitLine,
  type MarkLayer,
  timeAxis,
  timeScale,
  valueScale,
  within,
} from './parts.ts';
import { type ChartPoint, type ChartSeries, namedLines, partsOfAWhole } from './series.ts';

/** A panel's lines, parts of a whole, or counts of what happened, over time. */
export interface PanelChart extends ChartFrame {
  readonly title: string;
  readonly unit: Unit;
  /** Lines by the legend that names them. */
  readonly series: readonly { readonly legend: string; readonly lines: readonly ChartSeries[] }[];
  readonly show: 'lines' | 'stack' | 'bars';
  readonly limit?: { readonly at: number; readonly direction: 'above' | 'below' } | undefined;
  readonly stepMs: number;
  /** What happened meanwhile, each a line from top to bottom in its colour. */
  readonly events?: readonly { readonly atMs: number; readonly colour: string }[];
}

/** A panel as a Vega-Lite spec; with more than can be told apart, the others are a grey backdrop or one sum, so that a hundred nodes can be read. */
export function panelChart(chart: PanelChart): TopLevelSpec {
  const lines = renamed(chart);
  const top = topOf(chart, lines);
  const { shown, rest } = readable(chart, lines);
  const bottom = bottomOf(
    [...shown, ...rest].flatMap(({ points }) => points.map(({ v }) => v)),
    top,
  );
  const x = { ...timeScale(chart), axis: { ...timeAxis(chart), ...dayAxis(chart), title: null } };
  const y = {
    ...valueScale(top, bottom),
    stack: chart.show === 'lines' ? null : ('zero' as const),
    axis: valueAxis(chart.unit, top),
  };
  const names = shown.map(({ name }) => name);
  const colour = {
    field: 'series',
    type: 'nominal' as const,
    sort: null,
    scale: { domain: names, range: shown.map(({ grey }, index) => colourAt(chart, grey ? undefined : index)) },
    // One line is named as well: whose it is, is the question.
    legend: { ...legend(chart, names), ...(chart.show === 'lines' ? {} : { symbolType: 'square' }) },
  };
  const values = within(flat(shown), bottom);
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
      ...badSide(chart.theme, chart.limit, { bottom, top }),
      ...eventLayers(chart),
      {
        data: { values: within(flat(rest), bottom) },
        mark: { ...line, strokeWidth: 1, color: chart.theme.rest },
        encoding: { x, y, detail: { field: 'series' } },
      } satisfies MarkLayer,
      chart.show === 'bars'
        ? {
            // A count stands at the end of its stretch; its bar fills the stretch.
            data: { values: values.map((point) => ({ ...point, t: point.t - chart.stepMs / 2 })) },
            mark: { type: 'bar', opacity: 0.8, clip: true, width: barPx(chart) },
            encoding: { x, y, color: colour },
          }
        : {
            data: { values },
            mark: chart.show === 'stack' ? { type: 'area', opacity: 0.55, clip: true } : { ...line, strokeWidth: 1.8 },
            encoding: { x, y, color: colour },
          },
      ...limitLayers(chart, top),
    ],
  } satisfies TopLevelSpec;
}

function barPx({ widthPx, stepMs, fromMs, toMs }: PanelChart): number {
  return Math.max(1, 0.85 * widthPx * (stepMs / (toMs - fromMs)));
}

const line = { type: 'line', clip: true, invalid: 'break-paths-show-path-domains' } as const;

interface ShownLine {
  readonly name: string;
  readonly points: readonly { readonly t: number; readonly v: number | null }[];
  /** What is left over, all in one. */
  readonly grey?: boolean;
}

/** Which lines are told apart, each with its number beside its name, and which are only there. */
function readable(
  chart: PanelChart,
  lines: readonly ChartSeries[],
): { readonly shown: readonly ShownLine[]; readonly rest: readonly ShownLine[] } {
  const numbered = <L extends ShownLine>(drawn: L): L => ({
    ...drawn,
    name: `${drawn.name}: ${numberOf(chart, drawn)}`,
  });
  if (chart.show !== 'lines') return { shown: partsOfAWhole(lines, chart.stepMs).map(numbered), rest: [] };
  const direction = chart.limit?.direction ?? 'above';
  // A few more than five are named all: one without a name among them would be a riddle, and no backdrop.
  const most = lines.length <= 8 ? 8 : 5;
  const { named, rest } = namedLines(lines, { legend: '{{name}}', direction, stepMs: chart.stepMs, most });
  return { shown: named.map(numbered), rest };
}

/** The number beside a name: of what happened all of it, else the last one; a line that ended before the picture has none. */
function numberOf({ show, unit, toMs, stepMs }: PanelChart, { points }: ShownLine): string {
  if (show === 'bars') return units[unit](points.reduce((sum, { v }) => sum + (v ?? 0), 0));
  const last = points.findLast(({ v }) => v !== null);
  return last === undefined || last.v === null || toMs - last.t > 1.5 * stepMs ? 'ended' : units[unit](last.v);
}

/** Each line under the name that its legend gives it. */
function renamed(chart: PanelChart): readonly ChartSeries[] {
  return chart.series.flatMap(({ legend: template, lines }) =>
    lines.map(({ labels, points }) => ({ labels: { name: legendText(template, labels) }, points })),
  );
}

/** `{{label}}` of a legend filled in; a label that is not there leaves nothing. */
export function legendText(template: string, labels: Readonly<Record<string, string>>): string {
  const text = template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '').trim();
  return text === '' ? 'value' : text;
}

function flat(lines: readonly ShownLine[]): ChartPoint[] {
  return lines.flatMap(({ name, points }) => points.map((point) => ({ ...point, series: name })));
}

function colourAt({ theme }: PanelChart, index: number | undefined): string {
  return index === undefined ? theme.rest : (theme.lines[index % theme.lines.length] ?? theme.ink);
}

function topOf(chart: PanelChart, lines: readonly ChartSeries[]): number {
  const sums = new Map<number, number>();
  let most = 0;
  for (const [t, value] of lines.flatMap(({ points }) => points)) {
    if (!Number.isFinite(value)) continue;
    sums.set(t, (sums.get(t) ?? 0) + value);
    most = Math.max(most, chart.show === 'lines' ? value : (sums.get(t) ?? 0));
  }
  const limit = chart.limit?.at ?? 0;
  // A limit far above everything would press the lines flat; then it stays outside.
  const seen = limit <= 4 * most || most === 0 ? Math.max(most, limit) : most;
  return seen > 0 ? seen * 1.12 : 1;
}

/** A limit in words: what is on the other side of it is red. */
export function limitText({ at, direction }: { at: number; direction: 'above' | 'below' }, unit: Unit): string {
  const bound = unit === 'bool_yes_no' ? 'must be' : direction === 'above' ? 'at most' : 'at least';
  return `${bound} ${units[unit](at)}`;
}

/** The limit as a line with its number; one that is far off is said all the same. */
function limitLayers({ limit, unit, theme }: PanelChart, top: number): MarkLayer[] {
  if (limit === undefined) return [];
  const words = limitText(limit, unit);
  return limit.at > top
    ? [
        {
          data: { values: [{ label: `↑ ${words}` }] },
          mark: { type: 'text', align: 'left', dx: 5, dy: 9, fontSize: 11, color: theme.danger },
          encoding: { x: { value: 0 }, text: { field: 'label' }, y: { value: 0 } },
        },
      ]
    : limitLine(theme, limit, words, top);
}

function eventLayers({ events = [], ...frame }: PanelChart): MarkLayer[] {
  if (events.length === 0) return [];
  return [
    {
      data: { values: events.map(({ atMs, colour }) => ({ t: atMs, colour })) },
      mark: { type: 'rule', strokeWidth: 1, strokeDash: [3, 2], opacity: 0.7 },
      encoding: { x: timeScale(frame), color: { field: 'colour', type: 'nominal', scale: null } },
    },
  ];
}
