import { type CapacityPlan, freeSlots, largestMeeting } from '../../model/capacity.ts';
import type { NodeReading, Participant, ParticipantKind, ParticipantState, Room } from './domain.ts';

/** Who was in a room when it was last swept, and how many ListRooms said there were at that time: its number lags by some 5 s. */
export interface Census {
  readonly atMs: number;
  readonly listed: number;
  /** What ListRooms should say: all but agents and recorders, hidden ones included. */
  readonly listable: number;
  /** Those without agents, recorders and hidden ones. */
  readonly people: number;
  readonly cells: readonly Cell[];
}

/** Participants of one state and kind. */
export interface Cell {
  readonly state: ParticipantState;
  readonly kind: ParticipantKind;
  readonly count: number;
}

/** What the sources said; nodes and map are undefined when Redis did not answer. */
export interface Readings {
  readonly rooms: readonly Room[];
  readonly censuses: ReadonlyMap<string, Census>;
  readonly nodes: readonly NodeReading[] | undefined;
  readonly roomNodeMap: ReadonlyMap<string, string> | undefined;
}

export interface NodeSnapshot extends NodeReading {
  readonly rooms: number;
  readonly participants: number;
  readonly freeSlots: number;
}

/** All that is exported of one moment. */
export interface Snapshot {
  readonly rooms: number;
  readonly participants: readonly Cell[];
  readonly publishers: number;
  /** Participants of each room. */
  readonly roomSizes: readonly number[];
  readonly largest: readonly { readonly sid: string; readonly participants: number; readonly nodeId: string }[];
  readonly fillRatioMax: number;
  readonly nodes: readonly NodeSnapshot[] | undefined;
  readonly freeSlots: number | undefined;
}

/** Counts a sweep's participants by state and kind; hidden ones are left out. */
export function takeCensus(room: Room, participants: readonly Participant[], atMs: number): Census {
  const cells = new Cells();
  const listable = participants.filter(({ kind }) => kind !== 'agent' && kind !== 'egress');
  for (const { hidden, state, kind } of participants) if (!hidden) cells.add(state, kind, 1);
  return {
    atMs,
    listed: room.participants,
    listable: listable.length,
    people: listable.filter(({ hidden }) => !hidden).length,
    cells: cells.list(),
  };
}

/** What decides which rooms are swept. */
export interface SweepRule {
  readonly nowMs: number;
  /** Rooms of which a webhook has said something since their last sweep. */
  readonly touched: ReadonlySet<string>;
  readonly maxAgeMs: number;
  readonly limit: number;
}

/** The rooms to sweep now: those whose number changed, or does not fit their last sweep, or that webhooks spoke of, the largest difference first; then those not swept for `maxAgeMs`, the oldest first. */
export function roomsToSweep(
  rooms: readonly Room[],
  censuses: ReadonlyMap<string, Census>,
  rule: SweepRule,
): readonly Room[] {
  const due = rooms.flatMap((room) => {
    const census = censuses.get(room.sid);
    const change = Math.max(
      Math.abs(room.participants - (census?.listed ?? 0)),
      Math.abs(room.participants - (census?.listable ?? 0)),
      rule.touched.has(room.sid) ? 1 : 0,
    );
    const ageMs = census === undefined ? Number.POSITIVE_INFINITY : rule.nowMs - census.atMs;
    return change > 0 || ageMs >= rule.maxAgeMs ? [{ room, change, ageMs }] : [];
  });
  // By comparison and not by difference: both ages may be infinite.
  due.sort((a, b) => b.change - a.change || Number(b.ageMs > a.ageMs) - Number(a.ageMs > b.ageMs));
  return due.slice(0, rule.limit).map(({ room }) => room);
}

/** People in each room by sid, for joins and leaves: the last sweep, and what ListRooms has changed by since. */
export function countPeople(
  rooms: readonly Room[],
  censuses: ReadonlyMap<string, Census>,
): ReadonlyMap<string, number> {
  return new Map(
    rooms.map((room) => {
      const census = censuses.get(room.sid);
      return [room.sid, Math.max(0, (census?.people ?? 0) + room.participants - (census?.listed ?? 0))];
    }),
  );
}

/** Rooms that are really there: those that the map places on a node that is lost or gone are ghosts. With no node alive at all it is the reading that is doubted, and every room stays. */
export function livingRooms(readings: Pick<Readings, 'rooms' | 'nodes' | 'roomNodeMap'>): readonly Room[] {
  const { rooms, nodes, roomNodeMap } = readings;
  if (nodes === undefined || roomNodeMap === undefined) return rooms;
  const alive = new Set(nodes.filter(({ state }) => state !== 'lost').map(({ nodeId }) => nodeId));
  if (alive.size === 0) return rooms;
  return rooms.filter(({ name }) => {
    const nodeId = roomNodeMap.get(name);
    return nodeId === undefined || alive.has(nodeId);
  });
}

/** One snapshot of what the sources said. */
export function takeSnapshot(
  readings: Readings,
  options: { largestRooms: number; plan?: CapacityPlan | undefined },
): Snapshot {
  const rooms = livingRooms(readings);
  const cells = new Cells();
  const sized = rooms.map((room) => ({ room, participants: countRoom(room, readings.censuses.get(room.sid), cells) }));
  const loads = loadByNode(sized, readings.roomNodeMap);
  const nodes = readings.nodes?.filter(isCurrent).map((node) => ({
    ...node,
    ...(loads.get(node.nodeId) ?? { rooms: 0, participants: 0 }),
    freeSlots: freeSlots(node, options.plan),
  }));
  const roomSizes = sized.map(({ participants }) => participants);
  return {
    rooms: rooms.length,
    participants: cells.list(),
    publishers: rooms.reduce((sum, room) => sum + room.publishers, 0),
    roomSizes,
    largest: sized
      .filter(({ participants }) => participants > 0)
      .sort((a, b) => b.participants - a.participants)
      .slice(0, options.largestRooms)
      .map(({ room, participants }) => ({
        sid: room.sid,
        participants,
        nodeId: readings.roomNodeMap?.get(room.name) ?? '',
      })),
    fillRatioMax: roomSizes.reduce((most, size) => Math.max(most, size), 0) / largestMeeting.participants,
    nodes,
    freeSlots: nodes?.reduce((sum, node) => sum + node.freeSlots, 0),
  };
}

/** Adds a room's participants to the cells and returns their number: the last sweep, and what ListRooms has changed by since as active and standard. */
function countRoom(room: Room, census: Census | undefined, cells: Cells): number {
  let total = 0;
  let change = room.participants - (census?.listed ?? 0);
  for (const cell of census?.cells ?? []) {
    const isMain = cell.state === 'active' && cell.kind === 'standard';
    const count = isMain ? Math.max(0, cell.count + change) : cell.count;
    if (isMain) change = 0;
    cells.add(cell.state, cell.kind, count);
    total += count;
  }
  if (change > 0) cells.add('active', 'standard', change);
  return total + Math.max(0, change);
}

/** LiveKit clears the entry of a dead node only when another starts: after an hour it is history. */
function isCurrent(node: NodeReading): boolean {
  return node.state !== 'lost' || node.ageSeconds < 3_600;
}

interface Load {
  rooms: number;
  participants: number;
}

/** Rooms and participants of each node, by the room map. */
function loadByNode(
  sized: readonly { room: Room; participants: number }[],
  roomNodeMap: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, Load> {
  const loads = new Map<string, Load>();
  if (roomNodeMap === undefined) return loads;
  for (const nodeId of roomNodeMap.values()) {
    const load = loads.get(nodeId);
    if (load === undefined) loads.set(nodeId, { rooms: 1, participants: 0 });
    else load.rooms += 1;
  }
  for (const { room, participants } of sized) {
    const load = loads.get(roomNodeMap.get(room.name) ?? '');
    if (load !== undefined) load.participants += participants;
  }
  return loads;
}

class Cells {
  readonly #counts = new Map<string, Cell>();

  add(state: ParticipantState, kind: ParticipantKind, count: number): void {
    const key = `${state} ${kind}`;
    this.#counts.set(key, { state, kind, count: (this.#counts.get(key)?.count ?? 0) + count });
  }

  list(): readonly Cell[] {
    return [...this.#counts.values()];
  }
}
