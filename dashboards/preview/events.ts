import { PortError } from '../../kernel/errors.ts';
import { type Annotation, annotationStepMs, annotations } from '../annotations.ts';
import { legendText } from '../chart/panel-chart.ts';
import type { ChartTheme } from '../chart/theme.ts';
import type { Asked, View } from './ask.ts';
import { line } from './text.ts';

/** Something that happened while the board looked. */
export interface BoardEvent {
  readonly kind: string;
  readonly atMs: number;
  readonly title: string;
  readonly colour: string;
}

/** What Grafana's names of colours are on paper. */
const paints: Readonly<Record<Annotation['colour'], (theme: ChartTheme) => string>> = {
  red: ({ danger }) => danger,
  purple: ({ lines, ink }) => lines[1] ?? ink,
  blue: ({ lines, ink }) => lines[0] ?? ink,
};

/** Prometheus gives 11,000 points of a series at the most. */
const mostPoints = 10_000;

/** What the annotations of every board tell of the stretch, in order; one that cannot be asked tells nothing, as in Grafana. */
export async function askEvents(asked: Asked, view: View, theme: ChartTheme): Promise<readonly BoardEvent[]> {
  const told = await Promise.all(annotations.map((annotation) => eventsOf(annotation, asked, view, theme)));
  return told.flat().sort((a, b) => a.atMs - b.atMs || a.title.localeCompare(b.title));
}

async function eventsOf(
  { name, expr, title, colour, valueIsTime }: Annotation,
  asked: Asked,
  view: View,
  theme: ChartTheme,
): Promise<readonly BoardEvent[]> {
  const stepMs = Math.max(annotationStepMs, Math.ceil((view.toMs - view.fromMs) / mostPoints));
  const fromMs = view.toMs - Math.floor((view.toMs - view.fromMs) / stepMs) * stepMs;
  const series = await asked.queryRange(expr, { fromMs, toMs: view.toMs, stepMs }).catch((error: unknown) => {
    if (error instanceof PortError) return [];
    throw error;
  });
  return series.flatMap(({ labels, points }) => {
    const at = valueIsTime ? points.map(([, value]) => value) : beginnings(points, stepMs);
    return [...new Set(at)]
      .filter((atMs) => atMs >= view.fromMs && atMs <= view.toMs)
      .map((atMs) => ({ kind: name, atMs, title: legendText(title, labels), colour: paints[colour](theme) }));
  });
}

/** Each stretch without a gap is one event, from its first point on; one that was there before the picture began is none. */
function beginnings(points: readonly (readonly [number, number])[], stepMs: number): readonly number[] {
  return points.flatMap(([t], index) => {
    const before = points[index - 1]?.[0];
    return before === undefined || t - before > 1.5 * stepMs ? [t] : [];
  });
}

/** One line a kind: its colour, how many there were, and the newest by name. */
export function eventLines(
  events: readonly BoardEvent[],
  box: { x: number; widthPx: number },
  theme: ChartTheme,
): string {
  const days = new Set(events.map(({ atMs }) => new Date(atMs).getUTCDate())).size > 1;
  const moment = (atMs: number) =>
    new Date(atMs)
      .toISOString()
      .slice(days ? 5 : 11, 16)
      .replace('T', ' ');
  return annotations
    .map(({ name }) => events.filter(({ kind }) => kind === name))
    .filter((of) => of.length > 0)
    .map((of, index) => {
      const y = 22 + 20 * index;
      const [{ colour, kind } = { colour: theme.ink, kind: '' }] = of;
      const newest = of.toReversed().map(({ title, atMs }) => `${title} ${moment(atMs)}`);
      const text = `${kind} (${of.length}): ${newest.join(', ')}`;
      return `<rect x="${box.x}" y="${y - 11}" width="4" height="14" fill="${colour}"/>${line(text, { x: box.x + 12, y, widthPx: box.widthPx - 12 }, { size: 13, colour: theme.ink }, theme)}`;
    })
    .join('');
}
