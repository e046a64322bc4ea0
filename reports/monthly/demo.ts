import { type MicroUsd, usd } from '../../kernel/money.ts';
import type { Segment } from '../../model/cost/accrual.ts';
import { prices } from '../../model/prices.ts';
import type { DemoHour as Hour, DemoResource as Resource } from './demo-base.ts';
import { demoExtras } from './demo-extras.ts';
import { demoRoomSizes } from './demo-findings.ts';
import type { MonthlyInput } from './input.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const month = { fromMs: Date.UTC(2026, 9, 1), untilMs: Date.UTC(2026, 10, 1) };
const historyFromMs = month.fromMs - 63 * dayMs;
const hoursThere = (month.untilMs - historyFromMs) / hourMs;
/** Of an outage of the exporter, so that the page shows how a gap looks. */
const outage = { fromMs: Date.UTC(2026, 9, 14, 3), untilMs: Date.UTC(2026, 9, 14, 9) };
const peoplePerNode = 1_100;
const sfuMinimum = 5;

/** The input of a report on a platform that does not exist: three months of traffic that grows, with weekends, a holiday, an outage of the exporter, a pool that was forgotten after an event, and an invoice. The same each time. */
export function demoInput(): MonthlyInput {
  const random = generator(20_261_103);
  const hours = Array.from({ length: hoursThere }, (_none, index) => hourAt(historyFromMs + index * hourMs, random));
  const nodes = hours.map(({ peak }) => Math.max(sfuMinimum, Math.ceil(peak / peoplePerNode) + 1));
  const resources = [...sfuNodes(nodes), ...standing()];
  const perHour = hours.map(({ atMs }) => costAt(resources, atMs));
  const known = hours.map(({ atMs }) => atMs < outage.fromMs || atMs >= outage.untilMs);
  const shown = resources.map((one) => ({ ...one, perHour: one.perHour.flatMap(withoutOutage) }));
  return {
    schemaVersion: 1,
    month: '2026-10',
    timeZone: 'Asia/Jakarta',
    asOfMs: Date.UTC(2026, 10, 3, 2),
    currency: 'USD',
    budget: { amount: usd(35_000), setBy: 'console:maya' },
    book: {
      asOf: prices.asOf,
      capHours: prices.billedHoursCap,
      transferPerGib: prices.transferPerGib,
      doubts: {
        database: 'price to be confirmed: PostgreSQL with 64 GB is on no price list that was found',
        snapshot: 'price to be confirmed on the pricing page',
        spaces: 'what Spaces hold above 250 GiB is not in the API',
      },
    },
    historyFromMs,
    resources: shown,
    bounds: { low: bound(perHour, known, 0.97), high: bound(perHour, known, 1.03) },
    hours: hours.map((hour) => ({ ...hour, coverage: hour.atMs === Date.UTC(2026, 9, 20, 5) ? 0.5 : 1 })),
    roomSizes: demoRoomSizes(),
    nodeSizes: { 'c-32': { vcpus: 32, memoryGib: 64 }, 'c-16': { vcpus: 16, memoryGib: 32 } },
    pools: [
      { cluster: 'gomeet', name: 'sfu', size: 'c-32', minNodes: sfuMinimum, maxNodes: 20 },
      { cluster: 'gomeet', name: 'api', size: 'c-16', minNodes: 4, maxNodes: 8 },
    ],
    sfu: { pool: 'sfu', size: 'c-32', maxNodes: 20, spareNodes: 1 },
    ...demoExtras({ hours, nodes, resources: shown, month }),
    gaps: ['Valkey memory and PostgreSQL connections have no series in this Prometheus: their headroom is unknown'],
  };
}

function hourAt(atMs: number, random: () => number): Hour {
  const jakarta = new Date(atMs + 7 * hourMs);
  const [weekday, hour] = [jakarta.getUTCDay(), jakarta.getUTCHours()];
  const weeks = (atMs - historyFromMs) / (7 * dayMs);
  const daytime = Math.exp(-((hour - 10) ** 2) / 10) + 0.8 * Math.exp(-((hour - 14.5) ** 2) / 8) + 0.04;
  const day = weekday === 0 || weekday === 6 ? 0.18 : weekday === 5 ? 0.8 : 1;
  // A public holiday, and a two-day conference.
  const special = jakarta.getUTCMonth() === 7 && jakarta.getUTCDate() === 17 ? 0.2 : isConference(jakarta) ? 1.45 : 1;
  const peak = Math.round(6_400 * 1.017 ** weeks * daytime * day * special * (0.96 + 0.08 * random()));
  return { atMs, peak, mean: Math.round(peak * 0.82), coverage: 1 };
}

function isConference(day: Date): boolean {
  return day.getUTCMonth() === 9 && [21, 22].includes(day.getUTCDate());
}

/** Nodes above the minimum come and go with the day, each time as new ones. */
function sfuNodes(nodes: readonly number[]): readonly Resource[] {
  const most = Math.max(...nodes);
  return Array.from({ length: most }, (_none, slot) => slot).flatMap((slot) => {
    const stretches: [number, number][] = [];
    for (const [index, count] of nodes.entries()) {
      if (count <= slot) continue;
      const last = stretches.at(-1);
      if (last !== undefined && last[1] === index) last[1] = index + 1;
      else stretches.push([index, index + 1]);
    }
    return stretches.map(
      ([from, until], turn): Resource => ({
        ...node('sfu', `${slot}${turn.toString(36).padStart(3, 'k')}`),
        sku: 'c-32',
        perHour: [[historyFromMs + from * hourMs, historyFromMs + until * hourMs, usd(1)]],
      }),
    );
  });
}

function node(pool: string, mark: string): Omit<Resource, 'perHour'> {
  const name = `${pool}-${mark.padStart(5, 'x')}`;
  return { id: name, name, kind: 'droplet', region: 'nyc1', project: 'gomeet', cluster: 'gomeet', pool, origin: 'api' };
}

function standing(): readonly Resource[] {
  const always = (perHour: MicroUsd): Segment[] => [[historyFromMs, month.untilMs, perHour]];
  const from = (fromMs: number, perHour: MicroUsd): Segment[] => [[fromMs, month.untilMs, perHour]];
  const monthly = (dollars: number) => usd(dollars / prices.billedHoursCap);
  const thing = (kind: Resource['kind'], name: string, dollars: number, other: Partial<Resource> = {}): Resource => ({
    id: name,
    name,
    kind,
    region: 'nyc1',
    project: 'gomeet',
    origin: 'table',
    perHour: always(monthly(dollars)),
    ...other,
  });
  const api = [1, 2, 3, 4].map(
    (one): Resource => ({
      ...node('api', `a${one}`),
      sku: 'c-16',
      perHour: always(usd(0.5)),
    }),
  );
  // Added for the conference and forgotten.
  const forgotten = [5, 6, 7].map(
    (one): Resource => ({
      ...node('api', `a${one}`),
      sku: 'c-16',
      perHour: from(Date.UTC(2026, 9, 20, 8), usd(0.5)),
    }),
  );
  return [
    ...api,
    ...forgotten,
    thing('control_plane', 'gomeet', 40, { cluster: 'gomeet', origin: 'table' }),
    thing('database', 'gomeet-pg', 3_150, { sku: 'pg 3 x gd-16vcpu-64gb' }),
    thing('database', 'gomeet-valkey', 1_440, { sku: 'valkey 3 x db-s-8vcpu-32gb' }),
    thing('load_balancer', 'gateway', 48),
    thing('volume', 'prometheus-data', 51.2),
    thing('volume', 'loki-data', 102.4),
    thing('volume', 'migration-2025', 204.8, { unused: true, project: 'no owner' }),
    thing('snapshot', 'before-upgrade-may', 61.4),
    thing('registry', 'professional', 24.6, { origin: 'api' }),
    thing('spaces', 'recordings', 5),
    thing('reserved_ip', '203.0.113.7', 5, { unused: true }),
  ];
}

function costAt(resources: readonly Resource[], atMs: number): number {
  return resources.reduce((sum, { perHour }) => {
    const now = perHour.find(([fromMs, untilMs]) => atMs >= fromMs && atMs < untilMs);
    return sum + (now?.[2] ?? 0);
  }, 0);
}

function bound(perHour: readonly number[], known: readonly boolean[], factor: number): Segment[] {
  const segments: Segment[] = [];
  for (const [index, cost] of perHour.entries()) {
    if (!known[index]) continue;
    const atMs = historyFromMs + index * hourMs;
    const value = Math.round(cost * factor);
    const last = segments.at(-1);
    if (last !== undefined && last[1] === atMs && last[2] === value)
      segments[segments.length - 1] = [last[0], atMs + hourMs, value];
    else segments.push([atMs, atMs + hourMs, value]);
  }
  return segments;
}

function withoutOutage([fromMs, untilMs, value]: Segment): Segment[] {
  if (untilMs <= outage.fromMs || fromMs >= outage.untilMs) return [[fromMs, untilMs, value]];
  const parts: Segment[] = [
    [fromMs, outage.fromMs, value],
    [outage.untilMs, untilMs, value],
  ];
  return parts.filter(([from, until]) => from < until);
}

/** Mulberry32: numbers in [0, 1), the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
