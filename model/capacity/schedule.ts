import { type MicroUsd, timesUsd } from '../../kernel/money.ts';
import { largestMeeting, type MeetingMix } from '../capacity.ts';
import type { NodeSize } from '../prices.ts';
import { downlinkOf } from './mixes.ts';
import { type CpuCost, type Load, nodeLimits, seedCpuCost } from './node.ts';
import { packRooms, roomLoad } from './pack.ts';

/** A meeting that is booked. */
export interface Booking {
  readonly startMs: number;
  readonly endMs: number;
  readonly participants: number;
}

/** Longer than the pool can bear is not hidden: a step says what is wanted and what the pool may have. */
export interface PlanStep {
  /** When the nodes must be asked for, so that they serve when the first people come. */
  readonly orderAtMs: number;
  readonly servingAtMs: number;
  readonly untilMs: number;
  readonly nodes: number;
  /** Nodes that the pool lacks for it; 0 when it can do it. */
  readonly missingNodes: number;
  /** At the busiest moment. */
  readonly meetings: number;
  readonly participants: number;
  /** The nodes above the pool's minimum, by the hour, before the cap of billed hours: at most this. */
  readonly extraCost: MicroUsd;
}

/** What the bookings run on. */
export interface SchedulePool {
  readonly size: NodeSize;
  readonly minNodes: number;
  readonly maxNodes: number;
  /** Nodes that meetings without a booking take. */
  readonly unbookedNodes: number;
  readonly spareNodes: number;
  readonly screen: Omit<MeetingMix, 'participants'>;
  readonly cpu?: CpuCost;
}

/** From asking for a node to an SFU that serves on it: DOKS takes two to four minutes for the node, image and start half a minute. */
export const bootLeadMs = 270_000;
/** People come early. */
export const joinEarlyMs = 600_000;
/** Meetings run over. */
export const overrunMs = 900_000;
/** The plan thinks in steps of five minutes: starts are rounded down, ends up. */
const slotMs = 300_000;
const longestSpanMs = 400 * 86_400_000;
/** Sizes are rounded up to a multiple of this, which keeps the kinds of rooms few. */
const sizeClass = 25;

/** The pre-scaling plan, or the size of a meeting that no node of the pool can hold. */
export type Schedule =
  | { readonly kind: 'planned'; readonly steps: readonly PlanStep[] }
  | { readonly kind: 'room-too-large'; readonly participants: number };

interface Need {
  readonly nodes: number;
  readonly meetings: number;
  readonly participants: number;
}

/**
 * When how many nodes are wanted for the booked meetings: only what goes beyond the pool's minimum, which stands anyway. Bookings beyond 500 people count as 500, all that can join.
 * Nodes are there before people come and stay while meetings run over; meetings that follow each other share them. Throws a RangeError for bookings more than 400 days apart.
 */
export function scheduleBookings(bookings: readonly Booking[], pool: SchedulePool): Schedule {
  const cpu = pool.cpu ?? seedCpuCost;
  const limits = nodeLimits(pool.size, cpu);
  const loads = new Map<number, Load>();
  for (const size of new Set(bookings.map(classOf))) {
    const load = roomLoad(size, downlinkOf({ ...pool.screen, participants: size }), cpu);
    if (packRooms([{ rooms: 1, load }], limits).kind === 'room-too-large')
      return { kind: 'room-too-large', participants: size };
    loads.set(size, load);
  }
  const nodesFor = (counts: ReadonlyMap<number, number>): number => {
    const packing = packRooms(
      [...loads].map(([size, load]) => ({ rooms: counts.get(size) ?? 0, load })),
      limits,
    );
    return pool.unbookedNodes + pool.spareNodes + (packing.kind === 'packed' ? packing.nodes : 0);
  };
  const real = bookings.filter(({ startMs, endMs }) => endMs > startMs);
  const firstMs = real.reduce((first, { startMs }) => Math.min(first, startMs), Number.POSITIVE_INFINITY);
  const lastMs = real.reduce((last, { endMs }) => Math.max(last, endMs), Number.NEGATIVE_INFINITY);
  if (real.length === 0) return { kind: 'planned', steps: [] };
  if (!(lastMs - firstMs <= longestSpanMs)) throw new RangeError('bookings more than 400 days apart');
  const firstSlot = Math.floor(firstMs / slotMs);
  const needs = needsBySlot(real, firstSlot, Math.ceil(lastMs / slotMs), nodesFor);
  return { kind: 'planned', steps: steps(needs, firstSlot, pool) };
}

function needsBySlot(
  bookings: readonly Booking[],
  firstSlot: number,
  endSlot: number,
  nodesFor: (counts: ReadonlyMap<number, number>) => number,
): (Need | undefined)[] {
  const changes = new Map<number, { by: number; booking: Booking }[]>();
  const change = (slot: number, by: number, booking: Booking) => {
    const there = changes.get(slot);
    if (there === undefined) changes.set(slot, [{ by, booking }]);
    else there.push({ by, booking });
  };
  for (const booking of bookings) {
    change(Math.floor(booking.startMs / slotMs), 1, booking);
    change(Math.ceil(booking.endMs / slotMs), -1, booking);
  }
  const counts = new Map<number, number>();
  const needs: (Need | undefined)[] = [];
  let need: Need = { nodes: 0, meetings: 0, participants: 0 };
  for (let slot = firstSlot; slot < endSlot; slot++) {
    const now = changes.get(slot);
    if (now !== undefined) {
      let { meetings, participants } = need;
      for (const { by, booking } of now) {
        counts.set(classOf(booking), (counts.get(classOf(booking)) ?? 0) + by);
        meetings += by;
        participants += by * Math.min(booking.participants, largestMeeting.participants);
      }
      need = { nodes: nodesFor(counts), meetings, participants };
    }
    needs.push(need.meetings > 0 ? need : undefined);
  }
  return needs;
}

/** The most that is needed from a while before to a while after, joined where it stays the same. */
function steps(needs: readonly (Need | undefined)[], firstSlot: number, pool: SchedulePool): PlanStep[] {
  const early = joinEarlyMs / slotMs;
  const over = overrunMs / slotMs;
  const found: PlanStep[] = [];
  let open: (Need & { readonly fromMs: number }) | undefined;
  for (let slot = -early; slot <= needs.length + over; slot++) {
    const near = needs
      .slice(Math.max(0, slot - over), Math.max(0, slot + early + 1))
      .filter((need) => need !== undefined);
    const nodes = near.reduce((most, need) => Math.max(most, need.nodes), 0);
    const atMs = (firstSlot + slot) * slotMs;
    if (open !== undefined && nodes !== open.nodes) {
      found.push(step(open, atMs, pool));
      open = undefined;
    }
    if (nodes <= pool.minNodes) continue;
    open = {
      fromMs: open?.fromMs ?? atMs,
      nodes,
      meetings: near.reduce((most, need) => Math.max(most, need.meetings), open?.meetings ?? 0),
      participants: near.reduce((most, need) => Math.max(most, need.participants), open?.participants ?? 0),
    };
  }
  return found;
}

function step(
  { fromMs, nodes, meetings, participants }: Need & { readonly fromMs: number },
  untilMs: number,
  pool: SchedulePool,
): PlanStep {
  const orderAtMs = fromMs - bootLeadMs;
  return {
    orderAtMs,
    servingAtMs: fromMs,
    untilMs,
    nodes,
    missingNodes: Math.max(0, nodes - pool.maxNodes),
    meetings,
    participants,
    extraCost: timesUsd(
      pool.size.hourly,
      ((untilMs - orderAtMs) / 3_600_000) * (Math.min(nodes, pool.maxNodes) - pool.minNodes),
    ),
  };
}

function classOf({ participants }: Booking): number {
  const size = Math.ceil(participants / sizeClass) * sizeClass;
  return Math.min(Math.max(size, sizeClass), largestMeeting.participants);
}
