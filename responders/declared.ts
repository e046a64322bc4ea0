import { UsageError } from '../kernel/errors.ts';
import type { MicroUsd } from '../kernel/money.ts';
import { workloads } from '../manifests/catalogue/index.ts';
import { sfuWorkload } from '../manifests/catalogue/livekit-sfu.ts';
import { pools } from '../manifests/catalogue/pools.ts';
import { nodeSize } from '../model/prices.ts';
import type { Declared } from './act/define.ts';

/** What the catalogue declares, as the guards need it. */
export function declaredPlatform(): Declared {
  return {
    sfu: {
      deployment: sfuWorkload.name,
      pool: sfuWorkload.pool,
      floor: sfuWorkload.replicas,
      ceiling: sfuWorkload.maxReplicas,
      nodeCostPerHour: poolNodeCost(sfuWorkload.pool),
    },
    workloads: workloads.map(({ name, restartable, pool }) => ({ name, restartable, pool: pool ?? '' })),
    pools: pools.map(({ name, maxNodes }) => ({ name, maxNodes, nodeCostPerHour: poolNodeCost(name) })),
  };
}

/** What one more node of a pool costs an hour, by the price book. A pool or size without a price throws: unknown is not free. */
function poolNodeCost(name: string): MicroUsd {
  const pool = pools.find((candidate) => candidate.name === name);
  const size = pool && nodeSize(pool.size);
  if (size === undefined) throw new UsageError(`the price book has no price for a node of pool ${name}`);
  return size.hourly;
}
