import type { z } from 'zod';
import {
  createDotsClient,
  type DotsClient,
  type DotsOptions,
  type NodePoolUpdate,
  type RateQuota,
} from '../../../exporters/digitalocean/source-client.ts';
import { PortError } from '../../../kernel/errors.ts';
import { usd } from '../../../kernel/money.ts';
import { createReadRetry, type ReadRetry } from '../../../kernel/retry.ts';
import type { BlockVolume, Cloud, CloudState, NodePool } from '../../ports.ts';
import { selfTest } from './selftest.ts';
import * as shapes from './shapes.ts';

/** How to reach DigitalOcean, and which clusters' pools are ours; all of the account's unless said. */
export interface DigitalOceanOptions extends Omit<DotsOptions, 'onQuota'> {
  readonly clusterIds?: readonly string[];
  readonly retry?: ReadRetry;
}

const peer = 'digitalocean';
const pageSize = 200;

/** The live Cloud port, over DigitalOcean's SDK. */
export class DigitalOcean implements Cloud {
  private readonly client: DotsClient;
  private readonly clusterIds: readonly string[] | undefined;
  private readonly retried: <T>(read: () => Promise<T>) => Promise<T>;
  private readonly seen: { quota: RateQuota | undefined };

  constructor(
    client: DotsClient,
    options: Pick<DigitalOceanOptions, 'clusterIds' | 'retry'> & { seen?: { quota: RateQuota | undefined } } = {},
  ) {
    this.client = client;
    this.clusterIds = options.clusterIds;
    this.retried = createReadRetry(options.retry);
    this.seen = options.seen ?? { quota: undefined };
  }

  /** The request quota as of the last answer; undefined before the first. */
  get quota(): RateQuota | undefined {
    return this.seen.quota;
  }

  async read(): Promise<CloudState> {
    const { v2 } = this.client;
    const [clusters, account, droplets, balance, volumes] = await Promise.all([
      this.clusters(),
      this.ask(shapes.Account, () => v2.account.get()),
      this.ask(shapes.Droplets, () => v2.droplets.get({ queryParameters: { page: 1, perPage: 1 } })),
      this.ask(shapes.Balance, () => v2.customers.my.balance.get()),
      // A token without block_storage:read still moves pools.
      this.volumes().catch((error: unknown) => {
        if (error instanceof PortError && error.code === 'forbidden') return undefined;
        throw error;
      }),
    ]);
    return {
      pools: clusters.flatMap((cluster) => cluster.nodePools.map((pool) => toNodePool(cluster.id, pool))),
      dropletLimit: account.account.dropletLimit,
      droplets: droplets.meta.total,
      monthToDate: usd(balance.monthToDateUsage),
      ...(volumes === undefined ? {} : { volumes }),
    };
  }

  /** Reads the pool and writes all of it back with one number changed. Refuses (conflict) when that number is no longer the one decided on. */
  async setPoolFloor({ pool, nodes }: { pool: NodePool; nodes: number; runId: string }): Promise<void> {
    const path = this.client.v2.kubernetes.clusters.byCluster_id(pool.clusterId).node_pools.byNode_pool_id(pool.id);
    const { nodePool: now } = await this.ask(shapes.OnePool, () => path.get());
    const floor = now.autoScale ? now.minNodes : now.count;
    // The value is absolute: what stands already was set by a first try whose answer was lost, or needs no setting.
    if (floor === nodes) return;
    if (now.autoScale !== pool.autoScale)
      throw new PortError(peer, 'conflict', `autoscaling of node pool ${pool.name} was switched meanwhile`);
    if (floor !== (pool.autoScale ? pool.minNodes : pool.count))
      throw new PortError(peer, 'conflict', `node pool ${pool.name} was changed to ${floor} meanwhile`);
    if (now.autoScale && nodes > now.maxNodes)
      throw new PortError(
        peer,
        'invalid',
        `${nodes} is above the ${now.maxNodes} nodes that pool ${pool.name} may have`,
      );
    understood(shapes.OnePool, await path.put(withFloor(now, nodes)));
  }

  /** As setPoolFloor: all of the pool is written back. A pool that autoscales between these numbers already is left alone. */
  async autoscalePool(change: Parameters<Cloud['autoscalePool']>[0]): Promise<void> {
    const { pool, minNodes, maxNodes } = change;
    const path = this.client.v2.kubernetes.clusters.byCluster_id(pool.clusterId).node_pools.byNode_pool_id(pool.id);
    const { nodePool: now } = await this.ask(shapes.OnePool, () => path.get());
    if (now.autoScale && now.minNodes === minNodes && now.maxNodes === maxNodes) return;
    if (now.autoScale !== pool.autoScale)
      throw new PortError(peer, 'conflict', `autoscaling of node pool ${pool.name} was switched meanwhile`);
    const wanted = { ...now, autoScale: true, minNodes, maxNodes };
    understood(shapes.OnePool, await path.put(withFloor(wanted, minNodes)));
  }

  async volumes(): Promise<readonly BlockVolume[]> {
    return await this.pages(shapes.Volumes, this.client.v2.volumes, ({ volumes }) => volumes ?? []);
  }

  async volumeSnapshots(id: string): Promise<readonly { name: string; finished: boolean }[]> {
    const { snapshots } = this.client.v2.volumes.byVolume_id(id);
    const found = await this.pages(shapes.Snapshots, snapshots, (page) => page.snapshots ?? []);
    return found.map(({ name, sizeGigabytes }) => ({ name, finished: typeof sizeGigabytes === 'number' }));
  }

  async snapshotVolume({ id, name }: { id: string; name: string }): Promise<void> {
    await this.client.v2.volumes.byVolume_id(id).snapshots.post({ name });
  }

  async deleteVolume({ id }: { id: string }): Promise<void> {
    try {
      await this.client.v2.volumes.byVolume_id(id).delete();
    } catch (error) {
      if (!(error instanceof PortError && error.code === 'not-found')) throw error;
    }
  }

  private async clusters(): Promise<readonly shapes.Cluster[]> {
    const { clusterIds } = this;
    const found = await this.pages(
      shapes.Clusters,
      this.client.v2.kubernetes.clusters,
      (page) => page.kubernetesClusters,
    );
    return clusterIds === undefined ? found : found.filter(({ id }) => clusterIds.includes(id));
  }

  private async pages<Page extends { meta: { total: number } }, Item>(
    schema: z.ZodType<Page>,
    path: { get(request: { queryParameters: Readonly<Record<string, number>> }): Promise<unknown> },
    itemsOf: (page: Page) => readonly Item[],
  ): Promise<readonly Item[]> {
    const found: Item[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.ask(schema, () => path.get({ queryParameters: { page, perPage: pageSize } }));
      const items = itemsOf(answer);
      found.push(...items);
      if (items.length === 0 || found.length >= answer.meta.total) return found;
    }
  }

  private ask<T>(schema: z.ZodType<T>, request: () => Promise<unknown>): Promise<T> {
    return this.retried(async () => understood(schema, await request()));
  }
}

/** Loads the SDK, proves that it can read what the API answers, and returns the live Cloud port. Throws a PortError (unsupported) when the install is the broken one. */
export async function createDigitalOcean(options: DigitalOceanOptions): Promise<DigitalOcean> {
  await selfTest();
  const seen: { quota: RateQuota | undefined } = { quota: undefined };
  const client = await createDotsClient({ ...options, onQuota: (quota) => Object.assign(seen, { quota }) });
  return new DigitalOcean(client, { ...options, seen });
}

function toNodePool(clusterId: string, pool: shapes.Pool): NodePool {
  const { id, name, size, count, autoScale, minNodes, maxNodes } = pool;
  return { id, clusterId, name, size, count, autoScale, minNodes, maxNodes };
}

function withFloor(pool: shapes.Pool, nodes: number): NodePoolUpdate {
  return {
    name: pool.name,
    autoScale: pool.autoScale,
    ...(pool.autoScale ? { minNodes: nodes } : { minNodes: pool.minNodes, count: nodes }),
    maxNodes: pool.maxNodes,
    labels: pool.labels === undefined ? null : { additionalData: pool.labels },
    taints: pool.taints,
    // DigitalOcean puts these on by itself, and no client but itself sends them.
    tags: pool.tags.filter((tag) => tag !== 'k8s' && tag !== 'k8s-worker' && !tag.startsWith('k8s:')),
  };
}

function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PortError(peer, 'invalid', `unexpected answer: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}
