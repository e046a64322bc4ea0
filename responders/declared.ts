import type { Config } from '../kernel/config.ts';
import { UsageError } from '../kernel/errors.ts';
import type { MicroUsd } from '../kernel/money.ts';
import type { Environment } from '../manifests/environments/define.ts';
import { environments } from '../manifests/environments/index.ts';
import { bookPrice } from '../model/prices/resources.ts';
import { nodeSize, type PriceBook, prices } from '../model/prices.ts';
import type { Declared } from './act/define.ts';

/** The environment of that name; throws a UsageError for one that cannot run. */
export function environmentNamed(name = 'production'): Environment {
  const environment = Object.values(environments).find((one) => one.name === name && one.deployable);
  if (environment === undefined) throw new UsageError(`GOMEET_ENVIRONMENT: there is no environment ${name} to run in`);
  return environment;
}

/** Bucket for backups: the one that is asked for, else the environment's. */
export function backupBucket({ SPACES_BUCKET, GOMEET_ENVIRONMENT }: Config): string {
  return SPACES_BUCKET ?? environmentNamed(GOMEET_ENVIRONMENT).settings.backupBucket;
}

/** What an environment declares, as the guards need it, at the prices of a book. Throws a UsageError for one that cannot run, or has no SFU. */
export function declaredPlatform(name = 'production', book: PriceBook = prices): Declared {
  const environment = environmentNamed(name);
  const { workloads, pools } = environment;
  const sfu = workloads.find((workload) => workload.name === 'livekit-sfu');
  if (sfu?.pool === undefined) throw new UsageError(`${name} declares no SFU`);
  return {
    environment: name,
    storage: storagePrices(book),
    sfu: {
      deployment: sfu.name,
      pool: sfu.pool,
      floor: sfu.replicas,
      ceiling: sfu.maxReplicas,
      nodeCostPerHour: poolNodeCost(environment, sfu.pool, book),
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
      nodeCostPerHour: poolNodeCost(environment, pool.name, book),
    })),
  };
}

/** What a GiB of a volume and of a snapshot costs a month; of a range the low end for what is saved, the high end for what is paid. */
export function storagePrices(book: PriceBook = prices): { readonly volume: MicroUsd; readonly snapshot: MicroUsd } {
  return { volume: bookPrice(book, 'volume', 1).low, snapshot: bookPrice(book, 'snapshot', 1).high };
}

/** What one more node of a pool costs an hour, by the price book. A pool or size without a price throws: unknown is not free. */
function poolNodeCost({ pools }: Environment, name: string, book: PriceBook): MicroUsd {
  const pool = pools.find((candidate) => candidate.name === name);
  const size = pool && nodeSize(pool.size, book);
  if (size === undefined) throw new UsageError(`the price book has no price for a node of pool ${name}`);
  return size.hourly;
}
