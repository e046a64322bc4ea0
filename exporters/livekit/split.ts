import type { LiveKitEvent, NodeReading, Room } from './domain.ts';

/**
 * Finds meetings that run as two rooms on two nodes. LiveKit forbids that, so nothing says it outright; there are three kinds of evidence:
 *
 * 1. By name: two endpoints of LIVEKIT_URL show the same name under two sids, both with people in them. Sees nodes that do not share a Redis
 *    (a wrong address, a failover that left two primaries), if each island has an endpoint in the list; one behind a common balancer does not.
 * 2. By session: webhooks of one name under two sids whose times overlap. Sees islands and a lost room map alike, if both halves send webhooks
 *    here; only while people move in both, and not for a half that has been still for ten minutes.
 * 3. By number: a node holds more rooms than the map places on it, and the rooms are not merely missing from the map. Sees that Redis evicted the
 *    map and rooms were placed anew; gives a number and no name, a ghost entry for the same node hides one, and it needs three polls.
 *
 * What none sees: halves that are silent, on islands without an endpoint here. So the figure is a lower bound.
 */
export interface SplitDetector {
  event(event: LiveKitEvent): void;
  /** After each poll; `nodes` and `roomNodeMap` are undefined when Redis did not answer. */
  observe(poll: {
    rooms: readonly Room[];
    nodes: readonly NodeReading[] | undefined;
    roomNodeMap: ReadonlyMap<string, string> | undefined;
    nowMs: number;
  }): number;
}

interface Session {
  readonly sid: string;
  firstMs: number;
  lastMs: number;
}

// Webhooks carry whole seconds, and a room may be made again while the last events of the old one are being written.
const overlapMs = 5_000;
const forgetSessionMs = 600_000;
const pollsToBelieve = 3;
const mostNames = 20_000;

/** A detector; it keeps names in memory and gives out numbers only. */
export function createSplitDetector(): SplitDetector {
  const sessions = new Map<string, Session[]>();
  const surplus = new Map<string, number[]>();
  return {
    event({ event, room, createdAtMs }) {
      if (room === undefined || room.sid === '' || room.name === '') return;
      const known = sessions.get(room.name) ?? [];
      if (event === 'room_finished')
        sessions.set(
          room.name,
          known.filter(({ sid }) => sid !== room.sid),
        );
      else sessions.set(room.name, seen(known, room.sid, createdAtMs));
      if (sessions.size > mostNames) sessions.delete(sessions.keys().next().value ?? '');
    },

    observe({ rooms, nodes, roomNodeMap, nowMs }) {
      forget(sessions, nowMs);
      const names = namesUnderTwoSids(rooms);
      for (const [name, known] of sessions) if (overlap(known)) names.add(name);
      const alive = nodes?.filter(({ state }) => state !== 'lost') ?? [];
      const orphans = roomNodeMap === undefined ? 0 : orphanRooms(alive, roomNodeMap, surplus);
      const unplaced = roomNodeMap === undefined ? 0 : rooms.filter(({ name }) => !roomNodeMap.has(name)).length;
      return Math.max(names.size, orphans - unplaced);
    },
  };
}

function seen(known: readonly Session[], sid: string, atMs: number): Session[] {
  const session = known.find((one) => one.sid === sid);
  if (session === undefined) return [...known, { sid, firstMs: atMs, lastMs: atMs }].slice(-4);
  session.firstMs = Math.min(session.firstMs, atMs);
  session.lastMs = Math.max(session.lastMs, atMs);
  return [...known];
}

function forget(sessions: Map<string, Session[]>, nowMs: number): void {
  for (const [name, known] of sessions) {
    const fresh = known.filter(({ lastMs }) => nowMs - lastMs < forgetSessionMs);
    if (fresh.length === 0) sessions.delete(name);
    else sessions.set(name, fresh);
  }
}

function overlap(known: readonly Session[]): boolean {
  return known.some((a) =>
    known.some((b) => a !== b && Math.min(a.lastMs, b.lastMs) - Math.max(a.firstMs, b.firstMs) > overlapMs),
  );
}

function namesUnderTwoSids(rooms: readonly Room[]): Set<string> {
  const firstSid = new Map<string, string>();
  const names = new Set<string>();
  for (const { name, sid, participants } of rooms) {
    if (participants === 0) continue;
    const first = firstSid.get(name);
    if (first === undefined) firstSid.set(name, sid);
    else if (first !== sid) names.add(name);
  }
  return names;
}

/** Rooms that nodes hold beyond those the map gives them: the least over the last polls, since a node's own number lags by 2 s. */
function orphanRooms(
  nodes: readonly NodeReading[],
  roomNodeMap: ReadonlyMap<string, string>,
  surplus: Map<string, number[]>,
): number {
  const placed = new Map<string, number>();
  for (const nodeId of roomNodeMap.values()) placed.set(nodeId, (placed.get(nodeId) ?? 0) + 1);
  const present = new Set(nodes.map(({ nodeId }) => nodeId));
  for (const nodeId of surplus.keys()) if (!present.has(nodeId)) surplus.delete(nodeId);
  let orphans = 0;
  for (const { nodeId, ownRooms } of nodes) {
    const history = [...(surplus.get(nodeId) ?? []), Math.max(0, ownRooms - (placed.get(nodeId) ?? 0))].slice(
      -pollsToBelieve,
    );
    surplus.set(nodeId, history);
    if (history.length === pollsToBelieve) orphans += Math.min(...history);
  }
  return orphans;
}
