import { type MicroUsd, timesUsd } from '../../kernel/money.ts';
import { type NodeSize, nodeMonthlyCap, type PriceBook, prices } from '../prices.ts';
import type { RoomMix } from './mixes.ts';
import {
  type CpuCost,
  type Load,
  type NodeResource,
  nicBytesPerSecond,
  nodeLimits,
  nodeResources,
  pressure,
  seedCpuCost,
} from './node.ts';
import { packRooms, type RoomLot, roomLoad } from './pack.ts';

/** A ceiling on the number of nodes; undefined nodes mean that nobody told us. */
export interface Ceiling {
  readonly name: 'pool-maximum' | 'replica-ceiling' | 'droplet-limit';
  readonly nodes: number | undefined;
}

/** The question. */
export interface WhatIf {
  readonly participants: number;
  readonly mix: RoomMix;
  readonly size: NodeSize;
  /** Nodes beyond those the meetings fill, so that one may be lost. */
  readonly spareNodes: number;
  readonly ceilings: readonly Ceiling[];
  /** Hours a day that everyone would have to stay to make the traffic of a real day. */
  readonly fullHoursPerDay: number;
  readonly cpu?: CpuCost;
  /** Our own unless said. */
  readonly book?: PriceBook;
}

/** The answer. */
export interface WhatIfAnswer {
  readonly participants: number;
  readonly rooms: number;
  /** Nodes with the spare ones; undefined when a room of the mix is larger than a node, so that no number helps. */
  readonly nodes: number | undefined;
  /** The resource of a node that is used up first. */
  readonly bindsFirst: NodeResource;
  /** People on a node that is full. */
  readonly participantsPerNode: number;
  /** Traffic of everyone together, bits a second. */
  readonly egressBitsPerSecond: number;
  /** Ceilings too low for the nodes, the lowest first. */
  readonly exceeded: readonly Ceiling[];
  /** What stops growth first: the lowest exceeded ceiling, else `node-size` when a room does not fit a node; undefined when the platform as declared carries it. */
  readonly stoppedBy: Ceiling['name'] | 'node-size' | undefined;
  /** The nodes for a month, all of the time. */
  readonly nodesMonthly: MicroUsd | undefined;
  /** Outbound transfer of 30 such days, before the pooled allowance of the Droplets. */
  readonly egressMonthly: MicroUsd;
}

/** Nodes, money and what binds first for so many participants in such rooms: pure, some microseconds, so that thousands of mixes can be compared. */
export function whatIf(question: WhatIf): WhatIfAnswer {
  const { participants, mix, size, cpu = seedCpuCost, book = prices } = question;
  const limits = nodeLimits(size, cpu);
  const each = loadOfOne(mix, cpu);
  const lots = roomLots(mix, cpu)(participants);
  const packing = packRooms(lots, limits);
  const nodes = packing.kind === 'packed' ? packing.nodes + question.spareNodes : undefined;
  const exceeded = question.ceilings
    .filter((ceiling) => nodes !== undefined && ceiling.nodes !== undefined && nodes > ceiling.nodes)
    .sort((a, b) => (a.nodes ?? 0) - (b.nodes ?? 0));
  return {
    participants,
    rooms: lots.reduce((sum, { rooms }) => sum + rooms, 0),
    nodes,
    bindsFirst: packing.bindsFirst,
    participantsPerNode: packing.kind === 'packed' && packing.nodes > 0 ? Math.floor(participants / packing.nodes) : 0,
    egressBitsPerSecond: participants * each.bytesPerSecond * 8,
    exceeded,
    stoppedBy: nodes === undefined ? 'node-size' : exceeded[0]?.name,
    nodesMonthly: nodes === undefined ? undefined : timesUsd(nodeMonthlyCap(size, book), nodes),
    egressMonthly: egressCost(participants * each.bytesPerSecond, question.fullHoursPerDay, book),
  };
}

/** Most participants that so many nodes carry, spare ones apart; 0 when a room of the mix does not fit a node. */
export function mostParticipants(question: Omit<WhatIf, 'participants'>, nodes: number): number {
  const { mix, cpu = seedCpuCost } = question;
  const limits = nodeLimits(question.size, cpu);
  const lotsOf = roomLots(mix, cpu);
  const carries = (participants: number) => {
    const packing = packRooms(lotsOf(participants), limits);
    return packing.kind === 'packed' && packing.nodes + question.spareNodes <= nodes;
  };
  if (nodes <= question.spareNodes || !carries(1)) return 0;
  // If rooms could be cut up at will, the nodes would carry this many; whole rooms never need fewer nodes.
  const { ratio } = pressure(loadOfOne(mix, cpu), limits);
  let carried = 1;
  let tooMany = Math.min(2 ** 40, Math.ceil((nodes - question.spareNodes) / ratio) + 1);
  while (tooMany - carried > 1) {
    const middle = Math.floor((carried + tooMany) / 2);
    if (carries(middle)) carried = middle;
    else tooMany = middle;
  }
  return carried;
}

/** Nodes that the network alone asks for if every card ran at its line rate: no plan, the bound that no tuning passes. */
export function nodesAtLineRate(egressBitsPerSecond: number, slug: string): number {
  return Math.ceil(egressBitsPerSecond / (nicBytesPerSecond(slug) * 8));
}

/** The rooms of a mix for any number of participants; what one room takes is reckoned once. */
function roomLots(mix: RoomMix, cpu: CpuCost): (participants: number) => RoomLot[] {
  const shares = mix.kinds.reduce((sum, { share }) => sum + share, 0);
  const kinds = mix.kinds.map(({ share, participants: inRoom, downlink }) => ({
    roomsEach: share / shares / inRoom,
    load: roomLoad(inRoom, downlink, cpu),
  }));
  // Less a hair, so that 1,000 rooms do not become 1,001 by rounding.
  return (participants) =>
    kinds.map(({ roomsEach, load }) => ({ rooms: Math.ceil(participants * roomsEach - 1e-9), load }));
}

/** What one participant of the mix asks of a node, on average. */
function loadOfOne(mix: RoomMix, cpu: CpuCost): Load {
  const shares = mix.kinds.reduce((sum, { share }) => sum + share, 0);
  const each = { cpuCores: 0, packetsPerSecond: 0, bytesPerSecond: 0 };
  for (const { share, downlink } of mix.kinds) {
    const one = roomLoad(1, downlink, cpu);
    for (const [, unit] of nodeResources) each[unit] += (share / shares) * one[unit];
  }
  return each;
}

function egressCost(bytesPerSecond: number, hoursPerDay: number, book: PriceBook): MicroUsd {
  return timesUsd(book.transferPerGib, (bytesPerSecond * hoursPerDay * 3_600 * 30) / 2 ** 30);
}
