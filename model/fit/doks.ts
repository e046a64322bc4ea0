/** What pods can have of a node. */
export interface Room {
  readonly cpuMillicores: number;
  readonly memoryMib: number;
  readonly pods: number;
}

/** Memory of a node and what DOKS leaves to pods, in GiB (DigitalOcean's documentation, Kubernetes limits, allocatable memory). */
const allocatableGib: readonly (readonly [memoryGib: number, pods: number])[] = [
  [2, 1],
  [3, 1.66],
  [4, 2.5],
  [8, 6],
  [16, 13],
  [32, 28],
  [48, 43],
  [64, 58],
  [96, 88.5],
  [128, 119.5],
  [160, 151],
  [192, 182],
];

/** What DOKS' own agents on every node ask for: cilium, konnectivity, CSI and node agent. No list is published; read from running clusters, rounded up. */
export const doksAgents = { cpuMillicores: 500, memoryMib: 400 };

/** Volumes that a Droplet takes (DigitalOcean's documentation, volume limits). */
export const volumesPerNode = 7;

/**
 * What pods can have of a node, DOKS' own agents included. Memory is DigitalOcean's own table; between its rows the smaller share holds. Of CPU it
 * publishes nothing, so the usual reserve of the large providers stands (6 % of the first core, 1 % of the next, 0.5 % of two more, 0.25 % of the rest).
 */
export function allocatable(size: { readonly vcpus: number; readonly memoryGib: number }): Room {
  const row = allocatableGib.findLast(([memoryGib]) => memoryGib <= size.memoryGib);
  const share = row === undefined ? 0.5 : row[1] / row[0];
  const reserved = [0.06, 0.01, 0.005, 0.005];
  const reservedCores =
    reserved.slice(0, size.vcpus).reduce((sum, core) => sum + core, 0) +
    Math.max(size.vcpus - reserved.length, 0) * 0.0025;
  return {
    cpuMillicores: Math.floor((size.vcpus - reservedCores) * 1_000),
    memoryMib: Math.floor(size.memoryGib * share * 1_024),
    pods: 110,
  };
}
