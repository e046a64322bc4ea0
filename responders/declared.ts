import { UsageError } from '../kernel/errors.ts';
import type { MicroUsd } from '../kernel/money.ts';
import type { Environment } from '../manifests/environments/define.ts';
import { environments } from '../manifests/environments/index.ts';
import { nodeSize } from '../model/prices.ts';
import type { Declared } from './act/define.ts';

/** The environment of that name; throws a UsageError for one that cannot run. */
export function environmentNamed(name = 'production'): Environment {
  const environment = Object.values(environments).find((one) => one.name === name && one.deployable);
  if (environment === undefined) throw new UsageError(`GOMEET_ENVIRONMENT: there is no environment ${name} to run in`);
  return environment;
}

/** What an environment declares, as the guards need it. Throws a UsageError for one that cannot run, or has no SFU. */
export function declaredPlatform(name = 'production'): Declared {
  const environment = environmentNamed(name);
  const { workloads, pools } = environment;
  const sfu = workloads.find((workload) => workload.name === 'livekit-sfu');
  if (sfu?.pool === undefined) throw new UsageError(`${name} declares no SFU`);
  return {
    environment: name,
    sfu: {
      deployment: sfu.name,
      pool: sfu.pool,
      floor: sfu.replicas,
      ceiling: sfu.maxReplicas,
      nodeCostPerHour: poolNodeCost(environment, sfu.pool),
    },
    workloads: workloads.map(({ name: workload, restartable, pool, replicas, maxReplicas }) => ({
      name: workload,
      restartable,
      pool: pool ?? '',
      replicas,
      maxReplicas,
    })),
    pools: pools.map((pool) => ({
      name: pool.name,
      maxNodes: pool.maxNodes,
      nodeCostPerHour: poolNodeCost(environment, pool.name),
    })),
  };
}

/** What one more node of a pool costs an hour, by the price book. A pool or size without a price throws: unknown is not free. */
function poolNodeCost({ pools }: Environment, name: string): MicroUsd {
  const pool = pools.find((candidate) => candidate.name === name);
  const size = pool && nodeSize(pool.size);
  if (size === undefined) throw new UsageError(`the price book has no price for a node of pool ${name}`);
  return size.hourly;
}
