import { type MicroUsd, timesUsd, usd } from '../../kernel/money.ts';

/** What the containers of one name in one workload asked for and took, over some days. */
export interface ContainerUse {
  readonly namespace: string;
  readonly workload: string;
  readonly container: string;
  readonly replicas: number;
  /** Asked for by one replica. */
  readonly cpuRequestCores: number;
  readonly memoryRequestGib: number;
  /** 95th percentile of the busiest replica. */
  readonly cpuP95Cores: number;
  /** Most that any replica held. */
  readonly memoryMaxGib: number;
  /** Days for which there are data. */
  readonly days: number;
}

export type Confidence = 'high' | 'medium' | 'low';

/** A request that does not fit, and what it should be; per replica. */
export interface RightSize extends ContainerUse {
  readonly cpuCores: number;
  readonly memoryGib: number;
  /** Whether it holds more than it needs, or takes more than it holds. */
  readonly verdict: 'too-large' | 'too-small';
  /** A month, all replicas; it comes true only once a node can go. Zero where more is needed. */
  readonly saving: MicroUsd;
  readonly confidence: Confidence;
}

/** Robusta KRR's idea: CPU at the 95th percentile, memory at its maximum plus 15 %; never below 10 millicores and 100 MiB. */
const memoryBufferRatio = 0.15;
const leastCpuCores = 0.01;
const leastMemoryGib = 100 / 1_024;
/** A change below this is noise. */
const worthwhileRatio = 0.1;
/** Less than this says nothing of weekdays; a fortnight has seen each twice. */
const leastDays = 1;

/** What a core and a GiB cost a month: half a node's price goes by CPU and half by memory, as in the allocation. */
export interface UnitPrices {
  readonly core: MicroUsd;
  readonly gib: MicroUsd;
}

/** The unit prices of a node that costs so much a month. */
export function unitPrices(
  monthly: MicroUsd,
  size: { readonly vcpus: number; readonly memoryGib: number },
): UnitPrices {
  return { core: timesUsd(monthly, 0.5 / size.vcpus), gib: timesUsd(monthly, 0.5 / size.memoryGib) };
}

/** The requests that do not fit, the largest saving first. Those with less than a day of data are left out: not enough data. */
export function rightSizes(uses: readonly ContainerUse[], price: UnitPrices): readonly RightSize[] {
  return uses
    .filter(({ days }) => days >= leastDays)
    .flatMap((use): RightSize[] => {
      const cpuCores = roundUp(Math.max(use.cpuP95Cores, leastCpuCores), 0.01);
      const memoryGib = roundUp(Math.max(use.memoryMaxGib * (1 + memoryBufferRatio), leastMemoryGib), 1 / 64);
      const tooSmall =
        cpuCores > use.cpuRequestCores * (1 + worthwhileRatio) ||
        memoryGib > use.memoryRequestGib * (1 + worthwhileRatio);
      const tooLarge =
        cpuCores < use.cpuRequestCores * (1 - worthwhileRatio) ||
        memoryGib < use.memoryRequestGib * (1 - worthwhileRatio);
      if (!tooSmall && !tooLarge) return [];
      const freed =
        timesUsd(price.core, (use.cpuRequestCores - cpuCores) * use.replicas) +
        timesUsd(price.gib, (use.memoryRequestGib - memoryGib) * use.replicas);
      return [
        {
          ...use,
          cpuCores,
          memoryGib,
          verdict: tooSmall ? 'too-small' : 'too-large',
          saving: tooSmall ? usd(0) : (Math.max(0, freed) as MicroUsd),
          confidence: confidenceOf(use.days),
        },
      ];
    })
    .sort((a, b) => b.saving - a.saving || a.workload.localeCompare(b.workload, 'en'));
}

/** How sure days of data make: both weekends of a fortnight, one, or none. */
export function confidenceOf(days: number): Confidence {
  return days >= 14 ? 'high' : days >= 7 ? 'medium' : 'low';
}

/** A node and how full it was, by what was asked for and by what was taken; shares of 1. */
export interface NodeUse {
  readonly name: string;
  readonly cpuRequestedRatio: number;
  readonly memoryRequestedRatio: number;
  readonly cpuUsedRatio: number;
}

/** Nodes of which less than half was asked for and less than a fifth of the CPU taken. */
export function underusedNodes(nodes: readonly NodeUse[]): readonly NodeUse[] {
  return nodes.filter(
    ({ cpuRequestedRatio, memoryRequestedRatio, cpuUsedRatio }) =>
      cpuRequestedRatio < 0.5 && memoryRequestedRatio < 0.5 && cpuUsedRatio < 0.2,
  );
}

/** A node pool, and the most that was asked of it. */
export interface PoolUse {
  readonly id: string;
  readonly clusterId: string;
  readonly name: string;
  readonly autoScale: boolean;
  readonly minNodes: number;
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly monthlyPerNode: MicroUsd;
  readonly peakCpuRequestCores: number;
  readonly peakMemoryRequestGib: number;
  readonly days: number;
}

/** A pool whose minimum could fall. */
export interface HighMinimum extends PoolUse {
  readonly minimumNeeded: number;
  readonly saving: MicroUsd;
  readonly confidence: Confidence;
}

/** Pools that keep more nodes than their highest load asked for, with one node to lose. A tenth of a node is the system's own. */
export function highMinimums(pools: readonly PoolUse[]): readonly HighMinimum[] {
  return pools.flatMap((pool) => {
    if (!pool.autoScale || pool.days < leastDays) return [];
    const nodes = Math.max(
      pool.peakCpuRequestCores / (pool.vcpus * 0.9),
      pool.peakMemoryRequestGib / (pool.memoryGib * 0.9),
    );
    const minimumNeeded = Math.max(1, Math.ceil(nodes)) + 1;
    if (minimumNeeded >= pool.minNodes) return [];
    const saving = timesUsd(pool.monthlyPerNode, pool.minNodes - minimumNeeded);
    return [{ ...pool, minimumNeeded, saving, confidence: confidenceOf(pool.days) }];
  });
}

function roundUp(value: number, step: number): number {
  // Without the tolerance 0.07 / 0.01 would round up to 8 steps.
  return Number((Math.ceil(value / step - 1e-9) * step).toFixed(6));
}
