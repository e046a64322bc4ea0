import { capacityPlan, cpuSecondsPerPacket } from '../capacity.ts';

/** What a node is asked for, or may give, in a second. */
export interface Load {
  readonly cpuCores: number;
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** The resource of a node that is used up first. */
export type NodeResource = 'cpu' | 'packets' | 'network';

/** Each resource and where a load holds it. */
export const nodeResources = [
  ['cpu', 'cpuCores'],
  ['packets', 'packetsPerSecond'],
  ['network', 'bytesPerSecond'],
] as const satisfies readonly (readonly [NodeResource, keyof Load])[];

/** What CPU a node spends: idle cores and seconds for each forwarded packet. */
export interface CpuCost {
  readonly idleCores: number;
  readonly secondsPerPacket: number;
  readonly source: string;
}

/** The seed, until the platform's own points are fitted: 13.3 to 26.2 microseconds a packet in LiveKit's benchmark, 17.8 for its meeting. */
export const seedCpuCost: CpuCost = {
  idleCores: 0,
  secondsPerPacket: cpuSecondsPerPacket,
  source: "LiveKit's benchmark (docs.livekit.io, self-hosting/benchmark): 17.8 microseconds a packet, 13.3 to 26.2",
};

/** Most packets a second that anyone has shown one LiveKit node send: the audio room of LiveKit's benchmark. More is unproven, so no plan counts on it. */
export const provenPacketsPerSecond = 959_156;

/** Line rate of a Droplet in bytes a second: 10 Gbit/s for premium CPUs, 2 Gbit/s for all others, as DigitalOcean documents. */
export function nicBytesPerSecond(slug: string): number {
  return /-(intel|amd)$/.test(slug) ? 1_250_000_000 : capacityPlan.nicBytesPerSecond;
}

/** What a node of that size may be planned to carry: 60 % of its CPU, 70 % of its network, and the packets that were shown to work. */
export function nodeLimits(size: { readonly slug: string; readonly vcpus: number }, cpu: CpuCost = seedCpuCost): Load {
  return {
    cpuCores: Math.max(0, size.vcpus * capacityPlan.cpuTargetRatio - cpu.idleCores),
    packetsPerSecond: provenPacketsPerSecond,
    bytesPerSecond: nicBytesPerSecond(size.slug) * capacityPlan.nicTargetRatio,
  };
}

/** How much of a limit a load takes, by the resource it presses hardest: above 1 it does not fit. */
export function pressure(load: Load, limits: Load): { readonly resource: NodeResource; readonly ratio: number } {
  let worst: { resource: NodeResource; ratio: number } = { resource: 'cpu', ratio: 0 };
  for (const [resource, unit] of nodeResources) {
    const ratio = load[unit] === 0 ? 0 : load[unit] / limits[unit];
    if (!(ratio <= worst.ratio)) worst = { resource, ratio };
  }
  return worst;
}
