import { z } from 'zod';

/** A node pool as the API shows it, without its nodes. */
export interface FakePool {
  readonly id: string;
  name: string;
  readonly size: string;
  count: number;
  auto_scale: boolean;
  min_nodes: number;
  max_nodes: number;
  labels: Record<string, string> | null;
  taints: { key: string; value: string; effect: string }[];
  tags: string[];
}

/** A DOKS cluster as the API lists it. */
export interface FakeCluster {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly tags: string[];
  readonly node_pools: FakePool[];
  /** Absent in a cluster that has always run. */
  status?: { state: string };
  readonly version?: string;
  readonly vpc_uuid?: string;
  readonly cluster_subnet?: string;
  readonly service_subnet?: string;
  readonly ha?: boolean;
  /** Looks at the list since it was asked for. */
  looks?: number;
}

/** A request that the API would answer with 422. */
export class Refused extends Error {}

// A PUT: what is absent is empty afterwards, so that a client which forgets a field is found out.
const Update = z.object({
  name: z.string().min(1),
  count: z.number().int().positive().optional(),
  auto_scale: z.boolean().default(false),
  min_nodes: z.number().int().nonnegative().default(0),
  max_nodes: z.number().int().nonnegative().default(0),
  labels: z.record(z.string(), z.string()).nullable().default(null),
  taints: z
    .array(
      z.object({ key: z.string(), value: z.string(), effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']) }),
    )
    .default([]),
  tags: z.array(z.string()).default([]),
});

/** Applies a PUT to a pool; an autoscaled pool grows to its new minimum at once. Throws Refused. */
export function changePool(
  pool: FakePool,
  body: unknown,
  account: { readonly clusters: readonly FakeCluster[]; readonly dropletLimit: number },
): void {
  const parsed = Update.safeParse(body);
  if (!parsed.success) throw new Refused(parsed.error.issues[0]?.message ?? 'invalid body');
  const update = parsed.data;
  if (update.auto_scale && update.count !== undefined)
    throw new Refused('count cannot be set while auto_scale is enabled');
  if (update.auto_scale && (update.min_nodes > update.max_nodes || update.max_nodes === 0))
    throw new Refused('min_nodes must be at most max_nodes');
  if (!update.auto_scale && update.count === undefined) throw new Refused('count is required');
  const count = update.count ?? Math.min(Math.max(pool.count, update.min_nodes), update.max_nodes);
  if (droplets(account.clusters).length - pool.count + count > account.dropletLimit)
    throw new Refused('creating this many Droplets would exceed your droplet limit');
  const automatic = pool.tags.filter((tag) => tag === 'k8s' || tag.startsWith('k8s:'));
  Object.assign(pool, {
    ...update,
    count,
    min_nodes: update.auto_scale ? update.min_nodes : 0,
    max_nodes: update.auto_scale ? update.max_nodes : 0,
    tags: [...new Set([...update.tags, ...automatic])],
  });
}

/** Droplets are numbered through the account; a pool has room for a thousand. */
function firstDroplet(pool: FakePool): number {
  const sum = [...pool.id].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 899_999, 0);
  return (sum + 100_000) * 1_000;
}

/** A pool with its nodes. */
export function nodesOf(pool: FakePool) {
  const nodes = Array.from({ length: pool.count }, (_none, index) => ({
    id: `${pool.id}-${index}`,
    name: `${pool.name}-${index}`,
    status: { state: 'running' },
    droplet_id: String(firstDroplet(pool) + index),
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  }));
  return { ...pool, nodes };
}

/** Every Droplet of the account: one a node. */
export function droplets(clusters: readonly FakeCluster[]) {
  return clusters.flatMap((cluster) =>
    cluster.node_pools.flatMap((pool) =>
      nodesOf(pool).nodes.map(({ name, droplet_id }) => ({
        id: Number(droplet_id),
        name,
        size_slug: pool.size,
        tags: ['k8s', `k8s:${cluster.id}`],
        features: [],
        backup_ids: [],
        snapshot_ids: [],
        volume_ids: [],
        status: 'active',
        created_at: '2026-01-01T00:00:00Z',
      })),
    ),
  );
}
