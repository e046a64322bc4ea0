import type { Room } from './doks.ts';

/** So many equal pods. */
export interface PodLot {
  readonly name: string;
  readonly count: number;
  readonly cpuMillicores: number;
  readonly memoryMib: number;
  /** Never two on one node: they take the same port of it. */
  readonly onePerNode?: boolean;
  /** Volumes of each. */
  readonly volumes?: number;
}

/** What a node has left and what is on it. */
interface Bin {
  cpuMillicores: number;
  memoryMib: number;
  pods: number;
  volumes: number;
  readonly names: Set<string>;
}

/** How many nodes the pods take, and what fits on no node however many there are. */
export interface PodPacking {
  readonly nodes: number;
  readonly tooLarge: readonly PodLot[];
  /** Asked of all nodes together, and what such nodes have. */
  readonly asked: { readonly cpuMillicores: number; readonly memoryMib: number; readonly pods: number };
}

/**
 * Fewest nodes found by placing the largest first, each where it fits first. `everywhere` is on each node before (agents, DaemonSets).
 * The scheduler spreads instead of packing, and meets a node for each pod just the same while requests are like these; the lab proves it for production.
 */
export function packPods(
  lots: readonly PodLot[],
  node: Room,
  everywhere: readonly PodLot[],
  volumesPerNode: number,
): PodPacking {
  const taken = everywhere.reduce(
    (sum, lot) => ({
      cpu: sum.cpu + lot.cpuMillicores,
      memory: sum.memory + lot.memoryMib,
      pods: sum.pods + lot.count,
    }),
    { cpu: 0, memory: 0, pods: 0 },
  );
  const empty = {
    cpu: node.cpuMillicores - taken.cpu,
    memory: node.memoryMib - taken.memory,
    pods: node.pods - taken.pods,
  };
  const fitsAlone = (lot: PodLot) =>
    lot.cpuMillicores <= empty.cpu &&
    lot.memoryMib <= empty.memory &&
    (lot.volumes ?? 0) <= volumesPerNode &&
    empty.pods > 0;
  const share = (lot: PodLot) => Math.max(lot.cpuMillicores / node.cpuMillicores, lot.memoryMib / node.memoryMib);
  const bins: Bin[] = [];
  for (const lot of lots.filter(fitsAlone).sort((a, b) => share(b) - share(a) || a.name.localeCompare(b.name))) {
    for (let index = 0; index < lot.count; index += 1) {
      const bin =
        bins.find((one) => hasRoom(one, lot, volumesPerNode)) ??
        opened(bins, {
          cpuMillicores: empty.cpu,
          memoryMib: empty.memory,
          pods: empty.pods,
          volumes: 0,
          names: new Set(),
        });
      bin.cpuMillicores -= lot.cpuMillicores;
      bin.memoryMib -= lot.memoryMib;
      bin.pods -= 1;
      bin.volumes += lot.volumes ?? 0;
      bin.names.add(lot.name);
    }
  }
  return {
    nodes: bins.length,
    tooLarge: lots.filter((lot) => lot.count > 0 && !fitsAlone(lot)),
    asked: lots.reduce(
      (sum, lot) => ({
        cpuMillicores: sum.cpuMillicores + lot.count * lot.cpuMillicores,
        memoryMib: sum.memoryMib + lot.count * lot.memoryMib,
        pods: sum.pods + lot.count,
      }),
      { cpuMillicores: 0, memoryMib: 0, pods: 0 },
    ),
  };
}

function hasRoom(bin: Bin, lot: PodLot, volumesPerNode: number): boolean {
  return (
    bin.cpuMillicores >= lot.cpuMillicores &&
    bin.memoryMib >= lot.memoryMib &&
    bin.pods > 0 &&
    bin.volumes + (lot.volumes ?? 0) <= volumesPerNode &&
    !(lot.onePerNode === true && bin.names.has(lot.name))
  );
}

function opened(bins: Bin[], bin: Bin): Bin {
  bins.push(bin);
  return bin;
}
