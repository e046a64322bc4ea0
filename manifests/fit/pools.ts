import { sumUsd, timesUsd } from '../../kernel/money.ts';
import { allocatable, doksAgents, volumesPerNode } from '../../model/fit/doks.ts';
import { type PodLot, packPods } from '../../model/fit/pack.ts';
import { type NodeSize, nodeMonthlyCap, nodeSize, prices } from '../../model/prices.ts';
import type { Pool, Workload } from '../catalogue/define.ts';
import type { Environment } from '../environments/define.ts';
import type { Finding, Moment, PoolFit, SizeChoice } from './define.ts';

/** Every pool at every moment. Throws a TypeError for a size without a price: unknown is not free. */
export function fitPools(environment: Environment): readonly PoolFit[] {
  return environment.pools.flatMap((pool) =>
    (['declared', 'least', 'most'] as const).map((moment): PoolFit => {
      const size = known(pool.size);
      const has = { declared: pool.nodes, least: pool.minNodes, most: pool.maxNodes }[moment];
      const { nodes, tooLarge, asked } = pack(environment, pool, size, moment);
      return {
        pool: pool.name,
        moment,
        size: pool.size,
        pods: asked.pods,
        cpuCores: asked.cpuMillicores / 1_000,
        memoryGib: asked.memoryMib / 1_024,
        needed: tooLarge.length > 0 ? undefined : nodes,
        has,
        monthly: timesUsd(nodeMonthlyCap(size), has),
      };
    }),
  );
}

/** What does not fit, pool by pool, with the arithmetic. */
export function poolFindings(environment: Environment): readonly Finding[] {
  return environment.pools.flatMap((pool) => {
    const size = known(pool.size);
    const room = allocatable(size);
    return (['declared', 'least', 'most'] as const).map((moment): Finding => {
      const { nodes, tooLarge, asked } = pack(environment, pool, size, moment);
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
        fits: nodes <= has,
        arithmetic: `${asked.pods} pods ask for ${cores(asked.cpuMillicores)} cores and ${gib(asked.memoryMib)} GiB: ${nodes} x ${size.slug} of ${has}`,
        ...(nodes <= has ? {} : { change: `${nodes - has} more nodes (${nodes} in all), or fewer or smaller pods` }),
      };
    });
  });
}

/** Sizes of the price book that carry a pool at its most, cheapest at its least first. */
export function sizeChoices(environment: Environment, offered = 3): readonly SizeChoice[] {
  return environment.pools.flatMap((pool) =>
    prices.nodeSizes
      .flatMap((size): SizeChoice[] => {
        const [least, most] = [pack(environment, pool, size, 'least'), pack(environment, pool, size, 'most')];
        if (most.tooLarge.length > 0 || least.tooLarge.length > 0) return [];
        return [
          {
            pool: pool.name,
            size: size.slug,
            least: least.nodes,
            most: most.nodes,
            monthlyLeast: timesUsd(nodeMonthlyCap(size), least.nodes),
            monthlyMost: timesUsd(nodeMonthlyCap(size), most.nodes),
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

function pack(environment: Environment, pool: Pool, size: NodeSize, moment: Moment) {
  const lots = environment.workloads
    .filter((workload) => workload.pool === pool.name)
    .map((workload) => lotOf(workload, moment === 'most' ? workload.maxReplicas : workload.replicas));
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

function known(slug: string): NodeSize {
  const size = nodeSize(slug);
  if (size === undefined) throw new TypeError(`the price book has no size ${slug}`);
  return size;
}

function cores(millicores: number): string {
  return `${Math.round(millicores / 10) / 100}`;
}

function gib(mib: number): string {
  return `${Math.round((mib / 1_024) * 10) / 10}`;
}
