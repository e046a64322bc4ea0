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
  while (queue.some(({ left }) => left > 0)) {
    const free = { ...limits };
    const onNode = queue.map(({ left, load }) => {
      if (left === 0) return 0;
      const rooms = fitting(load, free, left);
      for (const [, unit] of nodeResources) free[unit] -= rooms * load[unit];
      return rooms;
    });
    const alike = Math.max(
      1,
      Math.min(
        ...queue.map(({ left }, index) => Math.floor(left / (onNode[index] || Number.NaN))).filter(Number.isFinite),
      ),
    );
    for (const [index, lot] of queue.entries()) lot.left -= alike * (onNode[index] ?? 0);
    nodes += alike;
  }
  return { kind: 'packed', nodes, bindsFirst: pressure(total, limits).resource };
}

function fitting(load: Load, free: Load, atMost: number): number {
  let rooms = atMost;
  // A room that is exactly a node must not be lost to rounding.
  for (const [, unit] of nodeResources)
    if (load[unit] > 0) rooms = Math.min(rooms, Math.floor(free[unit] / load[unit] + 1e-9));
  return Math.max(0, rooms);
}
