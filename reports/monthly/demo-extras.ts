import { type MicroUsd, sumUsd, usd } from '../../kernel/money.ts';
import { accrue } from '../../model/cost/accrual.ts';
import { prices } from '../../model/prices.ts';
import type { DemoBase } from './demo-base.ts';
import { demoReliability, demoSavings } from './demo-findings.ts';
import type { MonthlyInput } from './input.ts';

type Extras = Pick<
  MonthlyInput,
  'daily' | 'transfer' | 'tenants' | 'invoices' | 'sfuNodes' | 'constraints' | 'savings' | 'reliability'
>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const megabits = 0.92;

/** What the demo's platform did beside costing money: meetings, traffic, tenants, an invoice, limits, waste and incidents. */
export function demoExtras(base: DemoBase): Extras {
  const { hours, nodes, month } = base;
  const firstMs = hours[0]?.atMs ?? 0;
  const days = Array.from({ length: hours.length / 24 }, (_none, day) => day);
  const ofDay = <T>(values: readonly T[], day: number) => values.slice(day * 24, day * 24 + 24);
  const people = days.map((day) => ofDay(hours, day).reduce((sum, { mean }) => sum + mean, 0));
  const daily = days.map((day) => ({
    atMs: firstMs + day * dayMs,
    meetings: Math.round((people[day] ?? 0) / 9.4),
    egressBytes: Math.round(((people[day] ?? 0) * megabits * 3_600 * 1e6) / 8),
  }));
  const transferOf = (fromMs: number, untilMs: number) => {
    const usedBytes = daily
      .filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
      .reduce((sum, { egressBytes }) => sum + egressBytes, 0);
    const nodeHours = hours.reduce(
      (sum, { atMs }, index) => sum + (atMs >= fromMs && atMs < untilMs ? (nodes[index] ?? 0) : 0),
      0,
    );
    return { usedBytes, poolBytes: Math.round((9e12 * nodeHours) / prices.billedHoursCap + 4 * 6e12) };
  };
  const september = Date.UTC(2026, 8, 1);
  const transfer = [
    { month: '2026-09', ...transferOf(september, month.fromMs) },
    { month: '2026-10', ...transferOf(month.fromMs, month.untilMs) },
  ];
  const peaks = (of: (index: number) => number) =>
    days.map((day) => Math.max(...ofDay(nodes, day).map((_n, hour) => of(day * 24 + hour))));
  const peakOf = (index: number) => hours[index]?.peak ?? 0;
  const constraint = (
    name: string,
    unit: string,
    limit: number,
    values: readonly number[],
    leadDays: number,
    note?: string,
  ) => ({
    name,
    unit,
    limit,
    firstDayMs: firstMs,
    days: [...values],
    leadDays,
    ...(note === undefined ? {} : { note }),
  });
  return {
    daily,
    transfer,
    tenants: tenants(base),
    invoices: [
      invoice('2026-09', september, month.fromMs, base, transfer[0]),
      invoice('2026-10', month.fromMs, month.untilMs, base, transfer[1]),
    ],
    sfuNodes: days.map((day) => ({
      day: new Date(firstMs + day * dayMs + 7 * hourMs).toISOString().slice(0, 10),
      nodes: Math.max(...ofDay(nodes, day)),
    })),
    constraints: [
      constraint(
        'SFU pool',
        'nodes',
        20,
        peaks((index) => nodes[index] ?? 0),
        1,
        'the pool maximum; every other limit of the pool follows it',
      ),
      constraint(
        'Droplets of the account',
        'Droplets',
        25,
        peaks((index) => (nodes[index] ?? 0) + (index > 82 * 24 ? 7 : 4)),
        7,
        'a hard ceiling for every autoscaler; asking for more takes days',
      ),
      constraint(
        'network of the busiest SFU',
        'Gbit/s',
        1.4,
        peaks((index) => Math.min(1.38, (peakOf(index) * megabits * 1.12) / (nodes[index] ?? 1) / 1_000)),
        30,
        '70 % of 2 Gbit/s; premium nodes have 10',
      ),
      constraint(
        'CPU of the busiest SFU',
        'share',
        0.6,
        peaks((index) => (0.31 * peakOf(index)) / (nodes[index] ?? 1) / 1_000),
        30,
      ),
      constraint(
        'gateway connections',
        'connections',
        40_000,
        peaks((index) => peakOf(index) * 2.1),
        2,
      ),
      constraint(
        'DigitalOcean API calls an hour',
        'calls',
        5_000,
        days.map(() => 214),
        7,
      ),
      constraint(
        'registry storage',
        'GiB',
        100,
        days.map((day) => 41 + day * 0.32),
        1,
      ),
    ],
    savings: demoSavings(),
    reliability: demoReliability(),
  };
}

function tenants({ resources, month }: DemoBase): Extras['tenants'] {
  const shares = {
    sfu: [
      ['gomeet', 'livekit-sfu', 0.62, 0.48],
      ['kube-system', 'cilium', 0.01, 0.01],
      ['gomeet', 'node-exporter', 0.003, 0.002],
    ],
    api: [
      ['gomeet', 'signaling-service', 0.22, 0.2],
      ['gomeet', 'meeting-service', 0.14, 0.18],
      ['gomeet', 'auth-service', 0.06, 0.07],
      ['gomeet', 'chat-service', 0.05, 0.08],
      ['gomeet', 'prometheus', 0.08, 0.16],
      ['kube-system', 'coredns', 0.02, 0.01],
    ],
  } as const;
  const size = { sfu: { vcpus: 32, memoryGib: 64 }, api: { vcpus: 16, memoryGib: 32 } } as const;
  return resources.flatMap(({ name, pool, perHour }) => {
    if (pool !== 'sfu' && pool !== 'api') return [];
    const there =
      perHour.reduce((sum, [from, until]) => sum + Math.max(0, until - Math.max(from, month.fromMs)), 0) / hourMs;
    // What was added for the conference stands empty.
    if (there === 0 || /a[567]$/.test(name)) return [];
    return shares[pool].map(([namespace, workload, cpu, memory]) => ({
      node: name,
      namespace,
      workload,
      cpuCoreHours: Number((there * size[pool].vcpus * cpu).toFixed(3)),
      memoryGibHours: Number((there * size[pool].memoryGib * memory).toFixed(3)),
    }));
  });
}

function invoice(
  period: string,
  fromMs: number,
  untilMs: number,
  { resources }: DemoBase,
  sent: { readonly usedBytes: number; readonly poolBytes: number } | undefined,
): Extras['invoices'][number] {
  const lines = accrue(
    resources.map((one) => ({ ...one, project: one.project, cluster: one.cluster, pool: one.pool })),
    { fromMs, untilMs },
    prices.billedHoursCap,
  );
  const of = (kind: string, factor = 1) =>
    Math.round(sumUsd(lines.filter((line) => line.kind === kind).map(({ cost }) => cost)) * factor) as MicroUsd;
  const overGib = sent === undefined ? 0 : Math.max(0, sent.usedBytes - sent.poolBytes) / 1024 ** 3;
  const items = [
    ['Kubernetes Clusters', 'nodes of gomeet', of('droplet', 1.0042)],
    ['Kubernetes Clusters', 'HA control plane of gomeet', of('control_plane')],
    ['Managed Databases', 'PostgreSQL and Valkey', of('database', 1.031)],
    ['Load Balancers', 'gateway', of('load_balancer')],
    ['Volumes', 'block storage', of('volume')],
    ['Snapshots', 'snapshots', of('snapshot', 0.93)],
    ['Container Registry', 'professional', of('registry')],
    ['Spaces', 'subscription', usd(19.42)],
    ['Bandwidth', 'outbound above the pool', usd(overGib * 0.01)],
    ['Promotional credit', 'startup programme', usd(-500)],
  ] as const;
  const before = sumUsd(items.map(([, , amount]) => amount));
  const tax = Math.round(before * 0.11) as MicroUsd;
  const all = [...items, ['Taxes', 'VAT 11 %', tax] as const];
  return {
    id: `invoice-${period}`,
    period,
    amount: sumUsd(all.map(([, , amount]) => amount)),
    isPreview: false,
    items: all.map(([product, description, amount]) => ({ product, description, amount })),
  };
}
