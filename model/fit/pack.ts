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
  /** Packed as tightly as we know how. */
  readonly nodes: number;
  /** So many that each pod finds a place in whatever order and wherever the others were placed: the scheduler spreads, it does not pack. */
  readonly anyOrder: number;
  readonly tooLarge: readonly PodLot[];
  /** Asked of all nodes together, and what such nodes have. */
  readonly asked: { readonly cpuMillicores: number; readonly memoryMib: number; readonly pods: number };
}

/** Fewest nodes found by placing the largest first, each where it fits first, and how many do in any order. `everywhere` is on each node before (agents, DaemonSets). */
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
    anyOrder: Math.max(
      bins.length,
      ...lots
        .filter((lot) => lot.count > 0 && fitsAlone(lot))
        .map((lot) => forAnyOrder(lot, lots, empty, volumesPerNode)),
    ),
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

/**
 * One node more than the others can close to a pod of the lot. A node is closed once more is on it than the pod leaves of processors, memory, volumes or pods; each of the others
 * counts with its largest share of that, and never with more than a node. What stands below the sum is a proof, what stands above it a possibility.
 */
function forAnyOrder(
  lot: PodLot,
  lots: readonly PodLot[],
  empty: { readonly cpu: number; readonly memory: number; readonly pods: number },
  volumesPerNode: number,
): number {
  const left = {
    cpu: empty.cpu - lot.cpuMillicores + 1,
    memory: empty.memory - lot.memoryMib + 1,
    volumes: volumesPerNode - (lot.volumes ?? 0) + 1,
  };
  const closed = lots.reduce((sum, other) => {
    const share =
      other.name === lot.name && lot.onePerNode === true
        ? 1
        : Math.max(
            other.cpuMillicores / left.cpu,
            other.memoryMib / left.memory,
            1 / empty.pods,
            lot.volumes === undefined || lot.volumes === 0 ? 0 : (other.volumes ?? 0) / left.volumes,
          );
    return sum + (other.count - (other === lot ? 1 : 0)) * Math.min(share, 1);
  }, 0);
  // Shares are fractions: what is a whole number but for rounding counts as one.
  return Math.floor(closed + 1e-9) + 1;
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
