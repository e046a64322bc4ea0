/** One line of a chart: points are [milliseconds, value], as a range query yields them. */
export interface ChartSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [number, number])[];
}

/** A point as the chart draws it; null breaks the line, so that a gap in the data is seen as one. */
export interface ChartPoint {
  readonly t: number;
  readonly v: number | null;
  readonly series: string;
}

/** Lines by name, worst first: those past the threshold by the most are named, the others are only a backdrop. */
export function namedLines(
  series: readonly ChartSeries[],
  options: { legend: string; direction: 'above' | 'below'; stepMs: number; most?: number },
) {
  const { most = 5 } = options;
  const sign = options.direction === 'above' ? 1 : -1;
  const worst = (line: ChartSeries) =>
    line.points.reduce(
      (most, [, value]) => (Number.isFinite(value) ? Math.max(most, sign * value) : most),
      Number.NEGATIVE_INFINITY,
    );
  const ranked = series
    .map((line) => ({
      name: seriesName(line.labels, options.legend),
      worst: worst(line),
      points: withGaps(line.points, options.stepMs),
    }))
    .sort((a, b) => b.worst - a.worst || a.name.localeCompare(b.name));
  // The worst keeps the first colour; the others go by name, so that they do not swap colours as they come and go.
  const [first, ...others] = ranked.slice(0, most);
  const named = first === undefined ? [] : [first, ...others.sort((a, b) => a.name.localeCompare(b.name))];
  return { named, rest: ranked.slice(most) };
}

/** As many colours as can be told apart in a stack. */
const mostParts = 10;

/** The parts of a whole, the largest first; what is more than can be told apart is one part, in grey. */
export function partsOfAWhole(series: readonly ChartSeries[], stepMs: number) {
  const sum = (points: ChartSeries['points']) => points.reduce((all, [, value]) => all + value, 0);
  const parts = series
    .map(({ labels, points }) => ({ name: seriesName(labels, ''), points }))
    .sort((a, b) => sum(b.points) - sum(a.points) || a.name.localeCompare(b.name));
  const apart = parts.length > mostParts ? parts.slice(0, mostParts - 1) : parts;
  const others = parts.slice(apart.length);
  const drawn = apart.map(({ name, points }) => ({ name, points: withGaps(points, stepMs), grey: false }));
  if (others.length === 0) return drawn;
  const sums = new Map<number, number>();
  for (const [t, value] of others.flatMap(({ points }) => points)) sums.set(t, (sums.get(t) ?? 0) + value);
  const rest = withGaps(
    [...sums].sort(([a], [b]) => a - b),
    stepMs,
  );
  return [...drawn, { name: `${others.length} others`, points: rest, grey: true }];
}

/** Fills `{{label}}` of a legend template; without a template, the labels themselves. */
export function seriesName(labels: Readonly<Record<string, string>>, legend: string): string {
  const name = legend.replace(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
  const text = name.trim() === '' ? Object.values(labels).join(' ') : name;
  return text.length > 40 ? `${text.slice(0, 39)}…` : text || 'value';
}

function withGaps(points: ChartSeries['points'], stepMs: number): readonly { t: number; v: number | null }[] {
  const drawn: { t: number; v: number | null }[] = [];
  for (const [t, value] of points) {
    const last = drawn.at(-1);
    if (last !== undefined && t - last.t > 1.5 * stepMs) drawn.push({ t: last.t + stepMs, v: null });
    drawn.push({ t, v: Number.isFinite(value) ? value : null });
  }
  return drawn;
}
