import type { Segment } from '../../model/cost/accrual.ts';
import { resourceKinds } from '../../model/cost/lines.ts';
import type { Metrics, Series } from '../../responders/ports.ts';
import type { MonthlyInput } from './input.ts';
import { historyQueries, roomSizeQuery } from './queries.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const fineMs = 300_000;

/** A stretch that is asked for. */
export interface Range {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A series as stretches without change: each reading stands until the next one is due; where one is missing there is nothing. */
export function segmentsOf({ points }: Pick<Series, 'points'>, stepMs: number, factor: number): Segment[] {
  const found: { fromMs: number; untilMs: number; value: number }[] = [];
  for (const [atMs, raw] of points) {
    const value = Math.round(raw * factor);
    const last = found.at(-1);
    // A reading that comes a little early or late is no gap.
    if (last !== undefined && last.value === value && atMs - last.untilMs <= stepMs / 2) last.untilMs = atMs + stepMs;
    else found.push({ fromMs: atMs, untilMs: atMs + stepMs, value });
  }
  return found.map(({ fromMs, untilMs, value }) => [fromMs, untilMs, value] as const);
}

/** What resources cost: the month every five minutes, what was before it every hour. */
export async function readCosts(
  metrics: Pick<Metrics, 'queryRange'>,
  before: Range,
  month: Range,
): Promise<Pick<MonthlyInput, 'resources' | 'bounds'>> {
  const parts = [
    { range: before, stepMs: hourMs },
    { range: month, stepMs: fineMs },
  ].filter(({ range }) => range.untilMs > range.fromMs);
  const resources = new Map<string, MonthlyInput['resources'][number] & { perHour: Segment[] }>();
  const bounds = { low: [] as Segment[], high: [] as Segment[] };
  // One after the other: a month of many nodes fills memory once, not twice.
  for (const { range, stepMs } of parts) {
    const asked = { fromMs: range.fromMs, toMs: range.untilMs - 1, stepMs };
    for (const series of await metrics.queryRange(historyQueries.cost, asked)) {
      const resource = resourceOf(series.labels);
      if (resource === undefined) continue;
      const known = resources.get(resource.id);
      const segments = segmentsOf(series, stepMs, 1e6);
      resources.set(resource.id, {
        ...resource,
        perHour: known === undefined ? segments : [...known.perHour, ...segments],
      });
    }
    for (const series of await metrics.queryRange(historyQueries.bounds, asked)) {
      const bound = series.labels['bound'];
      if (bound === 'low' || bound === 'high') bounds[bound].push(...segmentsOf(series, stepMs, 1e6));
    }
  }
  return {
    resources: [...resources.values()]
      .map((one) => ({ ...one, perHour: withoutOverlap(one.perHour) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    bounds: { low: withoutOverlap(bounds.low), high: withoutOverlap(bounds.high) },
  };
}

/** People by the hour. */
export async function readHours(metrics: Pick<Metrics, 'queryRange'>, range: Range): Promise<MonthlyInput['hours']> {
  // A value at the full hour speaks of the hour before it.
  const asked = { fromMs: range.fromMs + hourMs, toMs: range.untilMs, stepMs: hourMs };
  const read = async (expr: string) =>
    new Map(
      (await metrics.queryRange(expr, asked)).flatMap(({ points }) =>
        points.map(([at, value]) => [at, value] as const),
      ),
    );
  const [mean, peak, coverage] = await Promise.all([
    read(historyQueries.mean),
    read(historyQueries.peak),
    read(historyQueries.coverage),
  ]);
  return [...mean]
    .map(([at, value]) => ({
      atMs: at - hourMs,
      mean: value,
      peak: peak.get(at) ?? value,
      coverage: Math.min(1, coverage.get(at) ?? 0),
    }))
    .sort((a, b) => a.atMs - b.atMs);
}

/** Meetings and bytes by day of UTC. */
export async function readDaily(metrics: Pick<Metrics, 'queryRange'>, range: Range): Promise<MonthlyInput['daily']> {
  const asked = { fromMs: range.fromMs + hourMs, toMs: range.untilMs, stepMs: hourMs };
  const read = async (expr: string) => {
    const days = new Map<number, number>();
    for (const { points } of await metrics.queryRange(expr, asked))
      for (const [at, value] of points) {
        const day = Math.floor((at - hourMs) / dayMs) * dayMs;
        days.set(day, (days.get(day) ?? 0) + value);
      }
    return days;
  };
  const [meetings, bytes] = await Promise.all([read(historyQueries.meetings), read(historyQueries.egressBytes)]);
  return [...new Set([...meetings.keys(), ...bytes.keys()])]
    .sort((a, b) => a - b)
    .map((atMs) => ({ atMs, meetings: meetings.get(atMs), egressBytes: bytes.get(atMs) }));
}

/** The last reading of the transfer pool in each of these months. */
export async function readTransfer(
  metrics: Pick<Metrics, 'queryRange'>,
  months: readonly (Range & { readonly month: string })[],
): Promise<MonthlyInput['transfer']> {
  const found: MonthlyInput['transfer'] = [];
  for (const { month, fromMs, untilMs } of months) {
    // Every five minutes: an hour of a month's traffic is dollars.
    const asked = { fromMs, toMs: untilMs - 1, stepMs: fineMs };
    const last = async (expr: string) => (await metrics.queryRange(expr, asked))[0]?.points.at(-1)?.[1];
    const [usedBytes, poolBytes] = [await last(historyQueries.transferUsed), await last(historyQueries.transferPool)];
    if (usedBytes !== undefined && poolBytes !== undefined) found.push({ month, usedBytes, poolBytes });
  }
  return found;
}

/** Hours of rooms by size over the month, each bucket for itself. */
export async function readRoomSizes(
  metrics: Pick<Metrics, 'query'>,
  month: Range,
): Promise<NonNullable<MonthlyInput['roomSizes']>> {
  const hours = Math.max(1, Math.round((month.untilMs - month.fromMs) / hourMs));
  const upTo = (await metrics.query(roomSizeQuery(hours, month.untilMs)))
    // Prometheus 2 says 5, Prometheus 3 says 5.0; what is above the last bucket is a room that cannot be.
    .map(({ labels, value }) => ({ upTo: Number(labels['le']), value }))
    .filter((one) => Number.isFinite(one.upTo))
    .sort((a, b) => a.upTo - b.upTo);
  return upTo.map((one, index) => ({
    upTo: one.upTo,
    roomHours: Math.max(0, one.value - (upTo[index - 1]?.value ?? 0)),
  }));
}

/** The most serving SFU nodes of each local day. */
export async function readSfuNodes(
  metrics: Pick<Metrics, 'queryRange'>,
  range: Range,
  dayOf: (atMs: number) => string,
): Promise<MonthlyInput['sfuNodes']> {
  const asked = { fromMs: range.fromMs + hourMs, toMs: range.untilMs, stepMs: hourMs };
  const days = new Map<string, number>();
  for (const { points } of await metrics.queryRange(historyQueries.sfuNodes, asked))
    for (const [at, nodes] of points) {
      const day = dayOf(at - hourMs);
      days.set(day, Math.max(days.get(day) ?? 0, nodes));
    }
  return [...days].map(([day, nodes]) => ({ day, nodes }));
}

const kinds: ReadonlySet<string> = new Set(resourceKinds);

function resourceOf(
  labels: Readonly<Record<string, string>>,
): Omit<MonthlyInput['resources'][number], 'perHour'> | undefined {
  const text = (name: string) => (labels[name] === '' ? undefined : labels[name]?.slice(0, 300));
  const kind = labels['resource_type'] ?? '';
  const id = text('id');
  if (id === undefined || !kinds.has(kind)) return undefined;
  return {
    id,
    name: text('name') ?? id,
    kind: kind as MonthlyInput['resources'][number]['kind'],
    region: text('region') ?? 'unknown',
    project: text('project'),
    cluster: text('cluster'),
    pool: text('pool'),
    origin: labels['price_source'] === 'api' ? 'api' : 'table',
  };
}

/** Where a resource was renamed or repriced two series may overlap by a step: the later one counts. */
function withoutOverlap(segments: readonly Segment[]): Segment[] {
  const sorted = [...segments].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const found: Segment[] = [];
  for (const [fromMs, untilMs, value] of sorted) {
    const last = found.at(-1);
    if (last !== undefined && last[1] > fromMs) found[found.length - 1] = [last[0], fromMs, last[2]];
    const before = found.at(-1);
    if (before !== undefined && before[1] === fromMs && before[2] === value)
      found[found.length - 1] = [before[0], untilMs, value];
    else found.push([fromMs, untilMs, value]);
  }
  return found.filter(([from, until]) => from < until);
}
