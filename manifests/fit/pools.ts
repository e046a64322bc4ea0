import { formatUsd, sumUsd, timesUsd } from '../../kernel/money.ts';
import { allocatable, doksAgents, volumesPerNode } from '../../model/fit/doks.ts';
import { type PodLot, type PodPacking, packPods } from '../../model/fit/pack.ts';
import { type NodeSize, nodeMonthlyCap, nodeSize, type PriceBook, prices } from '../../model/prices.ts';
import type { Pool, Workload } from '../catalogue/define.ts';
import type { Environment } from '../environments/define.ts';
import { surgeOf } from '../rollout.ts';
import type { Finding, Moment, PoolFit, SizeChoice } from './define.ts';

/** Every pool at every moment. Throws a TypeError for a size without a price: unknown is not free. */
export function fitPools(environment: Environment, book: PriceBook = prices): readonly PoolFit[] {
  return environment.pools.flatMap((pool) =>
    (['declared', 'least', 'most'] as const).map((moment): PoolFit => {
      const size = known(pool.size, book);
      const has = { declared: pool.nodes, least: pool.minNodes, most: pool.maxNodes }[moment];
      const { anyOrder, tooLarge, asked } = pack(environment, pool, size, moment);
      return {
        pool: pool.name,
        moment,
        size: pool.size,
        pods: asked.pods,
        cpuCores: asked.cpuMillicores / 1_000,
        memoryGib: asked.memoryMib / 1_024,
        needed: tooLarge.length > 0 ? undefined : anyOrder,
        has,
        monthly: timesUsd(nodeMonthlyCap(size, book), has),
      };
    }),
  );
}

/** What does not fit, pool by pool, with the arithmetic. */
export function poolFindings(environment: Environment, book: PriceBook = prices): readonly Finding[] {
  return environment.pools.flatMap((pool) => {
    const size = known(pool.size, book);
    const costs = (count: number) => `${formatUsd(timesUsd(nodeMonthlyCap(size, book), count))} a month`;
    const room = allocatable(size);
    const atMoments = (['declared', 'least', 'most'] as const).map((moment): Finding => {
      const { nodes, anyOrder, tooLarge, asked } = pack(environment, pool, size, moment);
      const has = { declared: pool.nodes, least: pool.minNodes, most: pool.maxNodes }[moment];
      const about = `pool ${pool.name}, ${moment}`;
      const [first] = tooLarge;
      if (first !== undefined)
        return {
          check: 'pool',
          about,
          fits: false,
          arithmetic: `${first.name} asks for ${cores(first.cpuMillicores)} cores and ${gib(first.memoryMib)} GiB; a ${size.slug} gives pods ${cores(room.cpuMillicores)} cores and ${gib(room.memoryMib)} GiB, less what runs on every node: ${tooLarge.map(({ name }) => name).join(', ')} would never be placed; the others alone take ${nodes} of ${has} nodes`,
          change: `ask for less, or take a larger node than ${size.slug}`,
        };
      return {
        check: 'pool',
        about,
        fits: anyOrder <= has,
        arithmetic: `${asked.pods} pods ask for ${cores(asked.cpuMillicores)} cores and ${gib(asked.memoryMib)} GiB: ${anyOrder} x ${size.slug} of ${has} in whatever order they are placed, ${nodes} packed`,
        ...(anyOrder <= has
          ? {}
          : {
              change: `${anyOrder - has} more nodes (${anyOrder} in all, ${costs(anyOrder)}), or fewer or smaller pods`,
            }),
      };
    });
    return [...atMoments, rollout(environment, pool, size, costs)];
  });
}

/** A release rolls everything out at once, and no old pod goes before its new one is there; the autoscaler adds the nodes, up to the most. */
function rollout(environment: Environment, pool: Pool, size: NodeSize, costs: (count: number) => string): Finding {
  const lots = lotsOf(environment, pool, (workload) => workload.replicas + surgeOf(workload, workload.replicas));
  const { anyOrder, asked } = packOn(environment, size, lots);
  return {
    check: 'pool',
    about: `pool ${pool.name}, everything at once`,
    fits: anyOrder <= pool.maxNodes,
    arithmetic: `${asked.pods} pods, old and new: ${anyOrder} x ${size.slug} of the ${pool.maxNodes} that the autoscaler may make`,
    ...(anyOrder <= pool.maxNodes
      ? {}
      : { change: `at the most ${anyOrder} nodes in pool ${pool.name}, ${costs(anyOrder)}` }),
  };
}

/** Sizes of the price book that carry a pool at its most, cheapest at its least first. */
export function sizeChoices(environment: Environment, book: PriceBook = prices, offered = 3): readonly SizeChoice[] {
  return environment.pools.flatMap((pool) =>
    book.nodeSizes
      .flatMap((size): SizeChoice[] => {
        const [least, most] = [pack(environment, pool, size, 'least'), pack(environment, pool, size, 'most')];
        if (most.tooLarge.length > 0 || least.tooLarge.length > 0) return [];
        return [
          {
            pool: pool.name,
            size: size.slug,
            least: least.anyOrder,
            most: most.anyOrder,
            monthlyLeast: timesUsd(nodeMonthlyCap(size, book), least.anyOrder),
            monthlyMost: timesUsd(nodeMonthlyCap(size, book), most.anyOrder),
          },
        ];
      })
      .sort((a, b) => a.monthlyLeast - b.monthlyLeast)
      .slice(0, offered),
  );
}

/** What all pools cost a month at one moment. */
export function monthlyAt(pools: readonly PoolFit[], moment: Moment) {
  return sumUsd(pools.filter((pool) => pool.moment === moment).map(({ monthly }) => monthly));
}

/** At the most, one rollout is under way besides: the one that wants most. */
function pack(environment: Environment, pool: Pool, size: NodeSize, moment: Moment): PodPacking {
  const steady = packOn(
    environment,
    size,
    lotsOf(environment, pool, ({ replicas, maxReplicas }) => (moment === 'most' ? maxReplicas : replicas)),
  );
  if (moment !== 'most') return steady;
  return environment.workloads
    .filter((workload) => workload.pool === pool.name)
    .map((rolling) =>
      packOn(
        environment,
        size,
        lotsOf(environment, pool, (one) => one.maxReplicas + (one === rolling ? surgeOf(one, one.maxReplicas) : 0)),
      ),
    )
    .reduce((worst, one) => (one.anyOrder > worst.anyOrder ? one : worst), steady);
}

function lotsOf(environment: Environment, pool: Pool, count: (workload: Workload) => number): readonly PodLot[] {
  return environment.workloads
    .filter((workload) => workload.pool === pool.name)
    .map((workload) => lotOf(workload, count(workload)));
}

function packOn(environment: Environment, size: NodeSize, lots: readonly PodLot[]): PodPacking {
  return packPods(lots, allocatable(size), onEveryNode(environment), volumesPerNode);
}

function onEveryNode({ workloads }: Environment): readonly PodLot[] {
  return [
    { name: 'the agents of DOKS', count: 5, ...doksAgents },
    ...workloads.filter(({ kind }) => kind === 'DaemonSet').map((workload) => lotOf(workload, 1)),
  ];
}

/** The pods of a workload with their sidecars. */
export function lotOf({ name, requests, sidecars = [], privilege, storage }: Workload, count: number): PodLot {
  const all = [requests, ...sidecars.map((sidecar) => sidecar.requests)];
  return {
    name,
    count,
    cpuMillicores: Math.round(all.reduce((sum, { cpuCores }) => sum + cpuCores, 0) * 1_000),
    memoryMib: Math.round(all.reduce((sum, { memoryGib }) => sum + memoryGib, 0) * 1_024),
    onePerNode: privilege?.hostNetwork === true,
    volumes: storage?.length ?? 0,
  };
}

function known(slug: string, book: PriceBook = prices): NodeSize {
  const size = nodeSize(slug, book);
  if (size === undefined) throw new TypeError(`the price book has no size ${slug}`);
  return size;
}

function cores(millicores: number): string {
  return `${Math.round(millicores / 10) / 100}`;
}

function gib(mib: number): string {
  return `${Math.round((mib / 1_024) * 10) / 10}`;
}
