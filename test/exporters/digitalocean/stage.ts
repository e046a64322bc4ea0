import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { type DigitalOceanExporter, startDigitalOceanExporter } from '../../../exporters/digitalocean/main.ts';
import type { Clock } from '../../../kernel/clock.ts';
import {
  type DigitalOceanFake,
  type DigitalOceanFakeOptions,
  type FakePool,
  startDigitalOceanFake,
} from '../../../lab/fakes/digitalocean.ts';
import type { FakeEstate } from '../../../lab/fakes/digitalocean-estate.ts';

/** The token of every fake account here; it must appear nowhere. */
export const token = 'dop_v1_0123456789abcdef0123456789abcdef';
export const clusterId = 'bd5f5959-5e1e-4205-a714-a914373942af';
/** The SDK drops an id that is no UUID where the specification says one. */
export const uuid = (text: string) => `00000000-0000-4000-8000-${text.padStart(12, '0')}`;
const startMs = Date.UTC(2026, 10, 21, 12);
const slug = (name: string) => ({ slug: name, name, features: [], sizes: [] });

/** The SFU pool of the documented platform, with as many nodes. */
export function sfuPool(count: number): FakePool {
  return {
    id: 'cdda885e-7663-40c8-bc74-3a036c66545d',
    name: 'sfu',
    size: 'c-32',
    count,
    auto_scale: true,
    min_nodes: 3,
    max_nodes: 20,
    labels: null,
    taints: [],
    tags: ['k8s', `k8s:${clusterId}`],
  };
}

/** A small account with one of everything. */
export const smallEstate: Partial<FakeEstate> = {
  databases: [
    {
      id: uuid('db1'),
      name: 'main',
      engine: 'pg',
      version: '17',
      num_nodes: 3,
      size: 'gd-16vcpu-64gb',
      region: 'fra1',
      status: 'online',
    },
  ],
  loadBalancers: [
    {
      id: uuid('1b1'),
      name: 'edge',
      size_unit: 1,
      type: 'REGIONAL',
      status: 'active',
      region: slug('fra1'),
      droplet_ids: [],
      ip: '203.0.113.9',
    },
  ],
  volumes: [
    {
      id: uuid('f1'),
      name: 'pvc-1',
      size_gigabytes: 1_024,
      region: slug('fra1'),
      droplet_ids: [],
      tags: [],
      created_at: '2026-01-01T00:00:00Z',
    },
  ],
  snapshots: [
    {
      id: 's1',
      name: 'nightly',
      resource_type: 'volume',
      resource_id: uuid('f1'),
      size_gigabytes: 10,
      regions: ['fra1'],
    },
  ],
  registry: {
    subscription: {
      tier: {
        slug: 'professional',
        monthly_price_in_cents: 2_000,
        included_storage_bytes: 107_374_182_400,
        storage_overage_price_in_cents: 2,
      },
    },
    registry: { name: 'gomeet', storage_usage_bytes: 1_000 },
    repositories: [
      {
        name: 'chat-service',
        manifests: [
          {
            digest: 'sha256:aa',
            tags: ['1.2.3', 'latest'],
            compressed_size_bytes: 300,
            updated_at: '2026-08-01T00:00:00Z',
          },
          { digest: 'sha256:bb', tags: [], compressed_size_bytes: 200 },
          { digest: 'sha256:cc', tags: [], compressed_size_bytes: 100 },
        ],
      },
    ],
  },
  reservedIps: [{ ip: '203.0.113.7', region: slug('fra1'), droplet: null }],
  certificates: [{ id: uuid('c1'), name: 'edge', not_after: '2027-01-01T00:00:00Z', state: 'verified' }],
  domains: [{ name: 'example.com' }],
  spacesKeys: [{ name: 'recorder', grants: [{ bucket: 'recordings', permission: 'readwrite' }], access_key: 'DOKEY' }],
  projects: [{ id: uuid('71'), name: 'production', urns: [`do:kubernetes:${clusterId}`, `do:dbaas:${uuid('db1')}`] }],
  invoices: [
    {
      invoice_uuid: 'i1',
      amount: '9050.00',
      invoice_period: '2026-10',
      items: [
        { product: 'Kubernetes Clusters', description: 'nodes', amount: '4032.00', project_name: 'production' },
        { product: 'Databases', description: 'pg', amount: '5018.00', project_name: 'production' },
      ],
    },
  ],
  preview: {
    invoice_uuid: 'i2',
    amount: '100.50',
    invoice_period: '2026-11',
    items: [
      { product: 'Databases', description: 'pg', amount: '60.25', project_name: 'production' },
      { product: 'Databases', description: 'valkey', amount: '40.25', project_name: 'production' },
    ],
  },
  insights: [{ start_date: '2026-11-20', total_amount: '12.45', sku: '1-DO-DROP-0109', description: 'c-32' }],
  bandwidthMbps: 8,
  connections: 1_200,
};

/** An exporter before a fake account, and a clock that moves only when told. */
export interface Stage {
  readonly fake: DigitalOceanFake;
  readonly exporter: DigitalOceanExporter;
  readonly said: readonly { readonly fields: object; readonly message: string }[];
  now(): number;
  /** Lets time pass, and all that is due be read. */
  pass(ms: number, stepMs?: number): Promise<void>;
  text(): Promise<string>;
  /** Samples by name and labels as they stand in the text. */
  samples(): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

/** Starts both; by default the documented six nodes and the small estate. */
export async function startStage(
  options: Partial<DigitalOceanFakeOptions> & {
    readonly nodes?: number;
    readonly budgetPerHour?: number;
    readonly timeoutMs?: number;
    readonly openCost?: boolean;
    readonly startMs?: number;
    readonly sentToken?: string;
  } = {},
): Promise<Stage> {
  const fake = await startDigitalOceanFake({
    token,
    clusters: [
      { id: clusterId, name: 'gomeet', region: 'fra1', tags: ['k8s'], node_pools: [sfuPool(options.nodes ?? 6)] },
    ],
    dropletLimit: 25,
    monthToDateUsd: 1_234.56,
    estate: smallEstate,
    ...options,
  });
  let nowMs = options.startMs ?? startMs;
  let sleepers: { dueMs: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((wake) => {
        sleepers.push({ dueMs: nowMs + ms, wake });
        signal?.addEventListener('abort', () => wake());
      }),
  };
  const said: { fields: object; message: string }[] = [];
  const say = (fields: object, message: string) => void said.push({ fields, message });
  const exporter = await startDigitalOceanExporter({
    token: options.sentToken ?? token,
    url: fake.url,
    address: { host: '127.0.0.1', port: 0 },
    log: { info: say, warn: say, error: say },
    clock,
    timeoutMs: options.timeoutMs ?? 2_000,
    ...(options.budgetPerHour === undefined ? {} : { budgetPerHour: options.budgetPerHour }),
    ...(options.openCost === undefined ? {} : { openCost: options.openCost }),
  });
  // Who waits on this clock holds the queue up until time passes again: hence not longer than a moment.
  const settle = async () => {
    await Promise.race([exporter.idle(), delay(100)]);
    await turn();
    await turn();
  };
  const text = async () => (await fetch(`http://127.0.0.1:${exporter.port}/metrics`)).text();
  return {
    fake,
    exporter,
    said,
    now: () => nowMs,
    async pass(ms, stepMs = 1_000) {
      for (let left = ms; left > 0; left -= stepMs) {
        await settle();
        nowMs += Math.min(stepMs, left);
        const due = sleepers.filter(({ dueMs }) => dueMs <= nowMs);
        sleepers = sleepers.filter(({ dueMs }) => dueMs > nowMs);
        for (const { wake } of due) wake();
      }
      await settle();
    },
    text,
    async samples() {
      return new Map(
        (await text()).split('\n').flatMap((line) => {
          const at = line.lastIndexOf(' ');
          return line.startsWith('#') || at < 0 ? [] : [[line.slice(0, at), Number(line.slice(at + 1))] as const];
        }),
      );
    },
    async close() {
      for (const { wake } of sleepers) wake();
      await exporter.close();
      await fake.stop();
    },
  };
}
