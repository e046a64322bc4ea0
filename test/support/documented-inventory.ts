import type { Droplet, Inventory, Parts } from '../../exporters/digitalocean/domain.ts';
import { usd } from '../../kernel/money.ts';

const gib = 1024 ** 3;

/** The architecture of the deployment document as an account: c-32 nodes with 9 TB of transfer each, PostgreSQL and Valkey of three nodes, 1 TiB of volumes. `other` replaces parts. */
export function documentedInventory(nodes: number, other: Partial<Parts> = {}, atMs = 0): Inventory {
  const droplets = Array.from(
    { length: nodes },
    (_none, index): Droplet => ({
      id: String(index),
      name: `sfu-${index}`,
      sizeSlug: 'c-32',
      region: 'fra1',
      status: 'active',
      createdAtMs: undefined,
      tags: ['k8s:k1'],
    }),
  );
  const pool = { id: 'p1', name: 'sfu', size: 'c-32', count: nodes, autoScale: true, minNodes: 3, maxNodes: 20 };
  const database = {
    version: '17',
    nodes: 3,
    storageMib: undefined,
    region: 'fra1',
    status: 'online',
    createdAtMs: undefined,
  };
  const parts: Partial<Parts> = {
    sizes: [
      {
        slug: 'c-32',
        vcpus: 32,
        memoryMib: 65_536,
        diskGib: 400,
        transferBytes: 9e12,
        hourly: usd(1),
        monthly: usd(672),
      },
    ],
    droplets,
    clusters: [
      {
        id: 'k1',
        name: 'gomeet',
        region: 'fra1',
        version: '1.36.1-do.0',
        status: 'running',
        ha: true,
        pools: [{ ...pool, dropletIds: droplets.map(({ id }) => id) }],
      },
    ],
    databases: [
      { ...database, id: 'pg', name: 'gomeet-pg', engine: 'pg', size: 'gd-16vcpu-64gb' },
      { ...database, id: 'vk', name: 'gomeet-valkey', engine: 'valkey', size: 'db-s-8vcpu-32gb' },
    ],
    loadBalancers: [
      {
        id: 'lb',
        name: 'gateway',
        type: 'REGIONAL',
        sizeUnit: 1,
        region: 'fra1',
        status: 'active',
        ip: undefined,
        dropletIds: droplets.map(({ id }) => id),
      },
    ],
    volumes: [
      { id: 'v', name: 'data', sizeGib: 1_024, region: 'fra1', dropletIds: ['0'], tags: [], createdAtMs: undefined },
    ],
    snapshots: [],
    reservedIps: [],
    registry: {
      name: 'gomeet',
      tier: 'professional',
      monthly: usd(20),
      includedStorageBytes: 100 * gib,
      storageOverage: usd(0.02),
      storageUsedBytes: 50 * gib,
    },
    spacesKeys: [{ name: 'recorder', buckets: ['recordings'] }],
    ...other,
  };
  return {
    parts: Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, { value, readAtMs: atMs }])),
    gaps: [],
  };
}
