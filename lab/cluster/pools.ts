import type { V1Pod } from '@kubernetes/client-node';
import { poolLabel } from '../../manifests/objects/placement.ts';
import type { DigitalOceanFake, FakePool } from '../fakes/digitalocean.ts';
import type { LabApi } from './api.ts';
import { isUnschedulable } from './kube-state.ts';
import { c32, type LabPool, type NodeFleet } from './nodes.ts';

/** The scheduler may take this long to try a waiting pod on a new node. */
const settleMs = 3_000;

/** What DigitalOcean does of its own accord. */
export interface PoolKeeper {
  /** Machines asked for from now on never come up. */
  stall(): void;
  close(): void;
}

/** Turns the pools of the DigitalOcean fake into nodes, and adds a node where pods wait for room and the pool autoscales, as DOKS does. */
export function keepPools(
  api: LabApi,
  cloud: DigitalOceanFake,
  nodes: NodeFleet,
  options: { namespace: string; everyMs: number; onError: (error: unknown) => void },
): PoolKeeper {
  let stalled = false;
  let settledAtMs = 0;
  const tick = async () => {
    const { items } = await api.core.listNamespacedPod({ namespace: options.namespace });
    for (const pool of cloud.account.clusters.flatMap(({ node_pools }) => node_pools)) {
      const waiting = items.filter((pod) => waitsFor(pod, pool));
      // A node that boots may take what waits; what it has not taken shows a while after it came up.
      if (nodes.names(pool.name).length > (await readyNodes(api, pool.name))) settledAtMs = Date.now() + settleMs;
      if (pool.auto_scale && waiting.length > 0 && Date.now() > settledAtMs && pool.count < pool.max_nodes)
        pool.count += 1;
    }
    if (!stalled) nodes.follow(labPools(cloud));
  };
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void tick()
      .catch(options.onError)
      .finally(() => {
        busy = false;
      });
  }, options.everyMs);
  return {
    stall() {
      stalled = true;
    },
    close: () => clearInterval(timer),
  };
}

/** The pools of the fake, all of c-32 droplets. */
export function labPools(cloud: DigitalOceanFake): readonly LabPool[] {
  return cloud.account.clusters.flatMap(({ node_pools }) =>
    node_pools.map(({ name, count }) => ({ name, size: c32, nodes: count })),
  );
}

function waitsFor(pod: V1Pod, pool: FakePool): boolean {
  return isUnschedulable(pod) && pod.spec?.nodeSelector?.[poolLabel] === pool.name;
}

async function readyNodes(api: LabApi, pool: string): Promise<number> {
  const { items } = await api.core.listNode({ labelSelector: `${poolLabel}=${pool}` });
  return items.filter(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  ).length;
}
