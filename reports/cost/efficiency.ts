import type { Inventory } from '../../exporters/digitalocean/domain.ts';
import { registryPrice } from '../../exporters/digitalocean/priced.ts';
import type { MicroUsd } from '../../kernel/money.ts';
import { workloadNamed } from '../../manifests/catalogue/index.ts';
import type { CostLine } from '../../model/cost/lines.ts';
import {
  type ContainerUse,
  type HighMinimum,
  highMinimums,
  type NodeUse,
  type RightSize,
  rightSizes,
  underusedNodes,
  unitPrices,
} from '../../model/cost/rightsize.ts';
import { type Holdings, type Orphan, orphans } from '../../model/cost/waste.ts';
import { sizeOf } from './allocation.ts';
import type { ContainerReading, Usage } from './usage.ts';

/** What could cost less, each with what it saves a month and how sure that is. */
export interface Efficiency {
  readonly rightSizes: readonly RightSize[];
  readonly underusedNodes: readonly NodeUse[];
  readonly highMinimums: readonly HighMinimum[];
  readonly orphans: readonly Orphan[];
}

const dayMs = 86_400_000;

/** Everything of the account that could cost less; `monthly` are the lines of a full month. */
export function efficiencyOf(input: {
  readonly inventory: Inventory;
  readonly usage: Usage | undefined;
  readonly monthly: readonly CostLine[];
  readonly nowMs: number;
}): Efficiency {
  const { inventory, usage, monthly, nowMs } = input;
  const { parts } = inventory;
  const nodes = monthly.filter(({ kind, pool }) => kind === 'droplet' && pool !== undefined);
  const [node] = nodes;
  const size = node && sizeOf(node, inventory);
  return {
    rightSizes:
      usage === undefined || node === undefined || size === undefined
        ? []
        : rightSizes(containerUses(usage.containers, nowMs), unitPrices(node.cost.best, size)),
    underusedNodes: usage === undefined ? [] : underusedNodes(nodeUses(nodes, inventory, usage.containers)),
    highMinimums: usage === undefined ? [] : highMinimums(poolUses(nodes, inventory, usage, nowMs)),
    orphans: orphans(
      {
        volumes: parts.volumes?.value,
        snapshots: parts.snapshots?.value,
        reservedIps: parts.reservedIps?.value,
        loadBalancers: parts.loadBalancers?.value,
        droplets: parts.droplets?.value,
        garbage: garbageOf(parts),
      },
      monthly,
      nowMs,
    ),
  };
}

/** What garbage collection of the registry would free, at most, and what that saves: nothing while the plan includes all that is stored. */
function garbageOf({ registry, repositories }: Inventory['parts']): Holdings['garbage'] {
  const used = registry?.value?.storageUsedBytes;
  if (registry?.value === undefined || repositories === undefined || used === undefined) return undefined;
  const bytes = repositories.value.reduce((sum, { untaggedBytes }) => sum + untaggedBytes, 0);
  const after = { ...registry.value, storageUsedBytes: Math.max(0, used - bytes) };
  return {
    registry: registry.value.name ?? registry.value.tier,
    manifests: repositories.value.reduce((sum, { untagged }) => sum + untagged, 0),
    bytes,
    saving: (registryPrice(registry.value).high - registryPrice(after).high) as MicroUsd,
  };
}

/** The containers of the catalogue's workloads that run now, those of one name together; past pods count for their peaks. */
function containerUses(readings: readonly ContainerReading[], nowMs: number): readonly ContainerUse[] {
  const known = readings.filter(({ workload }) => workloadNamed(workload) !== undefined);
  return [
    ...Map.groupBy(known, ({ namespace, workload, container }) => `${namespace}/${workload}/${container}`).values(),
  ].flatMap((group): ContainerUse[] => {
    const running = group.filter(
      ({ node, cpuRequestCores, memoryRequestGib }) =>
        node !== undefined && cpuRequestCores > 0 && memoryRequestGib > 0,
    );
    const [first] = running;
    const cpu = group.flatMap(({ cpuP95Cores }) => cpuP95Cores ?? []);
    const memory = group.flatMap(({ memoryMaxGib }) => memoryMaxGib ?? []);
    const seen = group.flatMap(({ firstSeenMs }) => firstSeenMs ?? []);
    // Without both readings there is nothing to size by: no data means hold.
    if (first === undefined || cpu.length === 0 || memory.length === 0 || seen.length === 0) return [];
    const { namespace, workload, container, cpuRequestCores, memoryRequestGib } = first;
    return [
      {
        namespace,
        workload,
        container,
        replicas: running.length,
        cpuRequestCores,
        memoryRequestGib,
        cpuP95Cores: Math.max(...cpu),
        memoryMaxGib: Math.max(...memory),
        days: (nowMs - Math.min(...seen)) / dayMs,
      },
    ];
  });
}

function nodeUses(
  nodes: readonly CostLine[],
  inventory: Inventory,
  readings: readonly ContainerReading[],
): readonly NodeUse[] {
  const byNode = Map.groupBy(readings, ({ node }) => node ?? '');
  return nodes.flatMap((node) => {
    const size = sizeOf(node, inventory);
    const held = byNode.get(node.name);
    // A node of which nothing is known is not an empty one.
    if (size === undefined || held === undefined || held.every(({ cpuP95Cores }) => cpuP95Cores === undefined))
      return [];
    const total = (of: (one: ContainerReading) => number) => held.reduce((sum, one) => sum + of(one), 0);
    return [
      {
        name: node.name,
        cpuRequestedRatio: total(({ cpuRequestCores }) => cpuRequestCores) / size.vcpus,
        memoryRequestedRatio: total(({ memoryRequestGib }) => memoryRequestGib) / size.memoryGib,
        cpuUsedRatio: total(({ cpuP95Cores }) => cpuP95Cores ?? 0) / size.vcpus,
      },
    ];
  });
}

function poolUses(nodes: readonly CostLine[], inventory: Inventory, usage: Usage, nowMs: number) {
  return (inventory.parts.clusters?.value ?? []).flatMap((cluster) =>
    cluster.pools.flatMap((pool) => {
      const peak = usage.pools.get(pool.name);
      const node = nodes.find((one) => one.cluster === cluster.name && one.pool === pool.name);
      const size = sizeOf({ sku: pool.size }, inventory);
      if (peak === undefined || node === undefined || size === undefined || !Number.isFinite(peak.firstSeenMs))
        return [];
      return [
        {
          ...pool,
          clusterId: cluster.id,
          ...size,
          monthlyPerNode: node.cost.best,
          peakCpuRequestCores: peak.cpuCores,
          peakMemoryRequestGib: peak.memoryGib,
          days: (nowMs - peak.firstSeenMs) / dayMs,
        },
      ];
    }),
  );
}
