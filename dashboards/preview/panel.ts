import { legendText, limitText, type PanelChart, panelChart } from '../chart/panel-chart.ts';
import { renderSvg } from '../chart/render.ts';
import type { ChartSeries } from '../chart/series.ts';
import type { ChartTheme } from '../chart/theme.ts';
import type { Panel } from '../define.ts';
import { limitOf } from '../grafana-panel.ts';
import { units } from '../units.ts';
import { type Answer, stepOf, type View } from './ask.ts';
import type { BoardEvent } from './events.ts';
import type { Box } from './layout.ts';
import { line } from './text.ts';

/** What a panel is drawn with. */
export interface Drawing {
  readonly panel: Panel;
  readonly box: Box;
  readonly answers: readonly Answer[];
  readonly view: View;
  readonly events: readonly BoardEvent[];
  readonly theme: ChartTheme;
}

const headPx = 34;
const pad = 10;

/** One panel as SVG at its place: frame, title, and what it shows. */
export async function drawPanel(drawing: Drawing): Promise<string> {
  const { panel, box, theme } = drawing;
  const inner = { x: pad, y: headPx, widthPx: box.widthPx - 2 * pad, heightPx: box.heightPx - headPx - 6 };
  const title = line(
    panel.title,
    { x: pad, y: 22, widthPx: inner.widthPx },
    { size: panel.title.length * 14 * 0.66 > inner.widthPx ? 12 : 14, colour: theme.ink, bold: true },
    theme,
  );
  const frame = `<rect width="${box.widthPx.toFixed(1)}" height="${box.heightPx}" rx="4" fill="${panelColour}" stroke="${theme.grid}"/>`;
  return `<g transform="translate(${box.x.toFixed(1)} ${box.y})">${frame}${title}${await inside(drawing, inner)}</g>`;
}

const panelColour = '#ffffff';

async function inside(drawing: Drawing, inner: Box): Promise<string> {
  const failed = drawing.answers.flatMap((answer) => ('failed' in answer ? [answer.failed] : []));
  const lines = drawing.answers.flatMap((answer) => ('lines' in answer ? answer.lines : []));
  if (failed.length > 0) return notice(`no answer: ${failed[0]}`, drawing, inner);
  if (lines.length === 0) return notice(drawing.panel.empty ?? 'no data', drawing, inner);
  switch (drawing.panel.show) {
    case 'stat':
      return stat(drawing, inner);
    case 'table':
      return table(drawing, inner, lines);
    case 'lines':
    case 'stack':
    case 'bars':
      return await chart(drawing, drawing.panel.show, inner);
  }
}

function notice(text: string, { panel, theme }: Drawing, { x, y, widthPx, heightPx }: Box): string {
  const quiet = text === panel.empty;
  return line(
    text,
    { x, y: y + heightPx / 2, widthPx },
    { size: quiet ? 14 : 18, colour: quiet ? theme.faint : theme.danger, bold: !quiet, middle: true },
    theme,
  );
}

async function chart(
  { panel, answers, view, events, theme }: Drawing,
  show: PanelChart['show'],
  inner: Box,
): Promise<string> {
  const spec: PanelChart = {
    ...view,
    events,
    theme,
    widthPx: inner.widthPx,
    heightPx: inner.heightPx,
    title: panel.title,
    unit: panel.unit,
    show,
    stepMs: stepOf(panel, view),
    limit: limitOf(panel),
    series: answers.flatMap((answer) => ('lines' in answer ? [answer] : [])),
  };
  const svg = await renderSvg(panelChart(spec));
  // Each drawing numbers its own clips from 0: on one page they need names of their own.
  const own = svg.replace(/(id="|url\(#)(clip|gradient)/g, `$1p${panel.id}-$2`);
  return own.replace('<svg ', `<svg x="${inner.x}" y="${inner.y}" `);
}

function stat({ panel, answers, theme }: Drawing, inner: Box): string {
  const values = answers.flatMap((answer) =>
    'lines' in answer
      ? answer.lines.map(({ labels, points }) => ({
          name: legendText(answer.legend, labels),
          value: points.at(-1)?.[1] ?? Number.NaN,
        }))
      : [],
  );
  const limit = limitOf(panel);
  const isBad = (value: number) =>
    limit !== undefined && (limit.direction === 'above' ? value > limit.at : value < limit.at);
  const shown = values.slice(0, 3);
  const width = inner.widthPx / shown.length;
  return shown
    .map(({ name, value }, index) => {
      const at = { x: inner.x + index * width, widthPx: width };
      const colour = limit === undefined ? theme.ink : isBad(value) ? theme.danger : goodColour;
      const size = Math.min(40, inner.heightPx * 0.55);
      return [
        line(units[panel.unit](value), { ...at, y: inner.y + size }, { size, colour, bold: true, middle: true }, theme),
        line(
          limit === undefined ? name : `${name}, ${limitText(limit, panel.unit)}`,
          { ...at, y: inner.y + inner.heightPx - 8 },
          { size: 12, colour: theme.faint, middle: true },
          theme,
        ),
      ].join('');
    })
    .join('');
}

const goodColour = '#1b7f3b';
const tableRowPx = 23;

function table({ panel, theme }: Drawing, inner: Box, lines: readonly ChartSeries[]): string {
  const columns = Object.entries(panel.columns ?? {});
  const width = inner.widthPx / Math.max(1, columns.length);
  const fits = Math.floor(inner.heightPx / tableRowPx) - 1;
  const rows = lines.length > fits ? fits - 1 : fits;
  const cell = (text: string, column: number, row: number, bold: boolean) =>
    line(
      text,
      { x: inner.x + column * width, y: inner.y + 16 + row * tableRowPx, widthPx: width - 8 },
      { size: 13, colour: bold ? theme.faint : theme.ink, bold },
      theme,
    );
  const head = columns.map(([, title], column) => cell(title, column, 0, true));
  const valued = panel.columns?.['value'] !== undefined;
  const [first = ''] = columns[0] ?? [];
  const worth = ({ points }: ChartSeries) => points.at(-1)?.[1] ?? Number.NaN;
  const body = lines
    .toSorted((a, b) => (valued ? worth(b) - worth(a) : (a.labels[first] ?? '').localeCompare(b.labels[first] ?? '')))
    .slice(0, rows)
    .flatMap(({ labels, points }, row) =>
      columns.map(([label], column) =>
        cell(
          label === 'value' ? units[panel.unit](worth({ labels, points })) : (labels[label] ?? ''),
          column,
          row + 1,
          false,
        ),
      ),
    );
  const more = lines.length > rows ? [cell(`and ${lines.length - rows} more`, 0, rows + 1, true)] : [];
  return [...head, ...body, ...more].join('');
}
