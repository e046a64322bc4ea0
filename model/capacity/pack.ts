import type { Downlink } from './mixes.ts';
import { type CpuCost, type Load, type NodeResource, nodeResources, pressure } from './node.ts';

/** Rooms of one kind to be placed, and what one of them takes. */
export interface RoomLot {
  readonly rooms: number;
  readonly load: Load;
}

/** How many nodes carry the rooms, or why none can. */
export type Packing =
  | { readonly kind: 'packed'; readonly nodes: number; readonly bindsFirst: NodeResource }
  | {
      readonly kind: 'room-too-large';
      readonly lot: number;
      readonly bindsFirst: NodeResource;
      readonly ratio: number;
    };

/** What a room takes from its node. */
export function roomLoad(participants: number, downlink: Downlink, cpu: CpuCost): Load {
  const packetsPerSecond = participants * downlink.packets;
  return {
    packetsPerSecond,
    bytesPerSecond: participants * downlink.bytes,
    cpuCores: packetsPerSecond * cpu.secondsPerPacket,
  };
}

/**
 * Fewest nodes found for the rooms, each room whole on one node: large rooms first, then what fits beside them; a filled node is repeated while rooms last.
 * The work grows with the kinds of rooms, not with the rooms. LiveKit places by load and not by plan: the 60 and 70 % of the limits are its slack.
 */
export function packRooms(lots: readonly RoomLot[], limits: Load): Packing {
  const total = { cpuCores: 0, packetsPerSecond: 0, bytesPerSecond: 0 };
  const queue: { left: number; readonly load: Load; readonly ratio: number }[] = [];
  for (const [index, { rooms, load }] of lots.entries()) {
    if (rooms <= 0) continue;
    const { resource, ratio } = pressure(load, limits);
    if (!(ratio <= 1)) return { kind: 'room-too-large', lot: index, bindsFirst: resource, ratio };
    queue.push({ left: rooms, load, ratio });
    for (const [, unit] of nodeResources) total[unit] += rooms * load[unit];
  }
  queue.sort((a, b) => b.ratio - a.ratio);
  let nodes = 0;
  let waiting = queue.filter(({ left }) => left > 0);
  while (waiting.length > 0) {
    const free = { ...limits };
    const onNode: number[] = [];
    let alike = Number.POSITIVE_INFINITY;
    for (const { left, load } of waiting) {
      const rooms = fitting(load, free, left);
      onNode.push(rooms);
      if (rooms === 0) continue;
      alike = Math.min(alike, Math.floor(left / rooms));
      free.cpuCores -= rooms * load.cpuCores;
      free.packetsPerSecond -= rooms * load.packetsPerSecond;
      free.bytesPerSecond -= rooms * load.bytesPerSecond;
    }
    for (const [index, lot] of waiting.entries()) lot.left -= alike * (onNode[index] ?? 0);
    nodes += alike;
    waiting = waiting.filter(({ left }) => left > 0);
  }
  return { kind: 'packed', nodes, bindsFirst: pressure(total, limits).resource };
}

function fitting(load: Load, free: Load, atMost: number): number {
  // A room that is exactly a node must not be lost to rounding; what asks for nothing fits always.
  const times = (room: number, each: number) => (each > 0 ? Math.floor(room / each + 1e-9) : atMost);
  const rooms = Math.min(
    atMost,
    times(free.cpuCores, load.cpuCores),
    times(free.packetsPerSecond, load.packetsPerSecond),
    times(free.bytesPerSecond, load.bytesPerSecond),
  );
  return Math.max(0, rooms);
}
