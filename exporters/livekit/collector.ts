import PQueue from 'p-queue';
import type { Clock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import {
  type Census,
  countPeople,
  livingRooms,
  roomsToSweep,
  type Snapshot,
  takeCensus,
  takeSnapshot,
} from './collect.ts';
import type { LiveKitSource, NodeReading, Room } from './domain.ts';

/** How often and how hard LiveKit is asked. */
export interface CollectorOptions {
  readonly intervalMs: number;
  /** Rooms swept with ListParticipants in one cycle, and how many at once. */
  readonly sweepLimit: number;
  readonly sweepConcurrency: number;
  /** A room is swept again after this long even if its number stays. */
  readonly sweepMaxAgeMs: number;
  /** A reading stands in for a source that is away for at most this long; then its series vanish. */
  readonly holdMs: number;
  readonly largestRooms: number;
}

/** At 50,000 participants in 2,500 rooms: one ListRooms in 15 s, each room swept within two minutes by at most 5 requests at once (facts on cost: a sweep is 30 to 125 MB). */
export const collectorDefaults: CollectorOptions = {
  intervalMs: 15_000,
  sweepLimit: 400,
  sweepConcurrency: 5,
  sweepMaxAgeMs: 120_000,
  holdMs: 60_000,
  largestRooms: 20,
};

/** What one cycle found. */
export interface Cycle {
  /** Undefined when RoomService has not answered for longer than readings are held. */
  readonly snapshot: Snapshot | undefined;
  readonly rooms: readonly Room[];
  /** People in each room by sid. */
  readonly people: ReadonlyMap<string, number>;
  readonly nodes: readonly NodeReading[] | undefined;
  readonly roomNodeMap: ReadonlyMap<string, string> | undefined;
  /** RoomService answered in this cycle: only then may joins and leaves be worked out. */
  readonly fresh: boolean;
  /** Redis answered in this cycle; otherwise nodes and map are held from an earlier one. */
  readonly redisFresh: boolean;
  readonly durationSeconds: number;
}

interface Held<T> {
  value: T | undefined;
  readAtMs: number | undefined;
  up: boolean;
}

/** Reads the sources in turn; one cycle at a time. */
export interface Collector {
  cycle(): Promise<Cycle>;
  /** A webhook spoke of this room: its next sweep should not wait. */
  touch(roomSid: string): void;
  health(source: 'room_service' | 'redis'): { up: boolean; ageSeconds: number | undefined };
}

/** A collector that has read nothing yet. */
export function createCollector(source: LiveKitSource, clock: Clock, log: Log, options: CollectorOptions): Collector {
  const censuses = new Map<string, Census>();
  const touched = new Set<string>();
  const roomService: Held<readonly Room[]> = { value: undefined, readAtMs: undefined, up: false };
  const redis: Held<{ nodes: readonly NodeReading[]; roomNodeMap: ReadonlyMap<string, string> }> = {
    value: undefined,
    readAtMs: undefined,
    up: false,
  };

  async function refresh<T>(held: Held<T>, name: string, read: () => Promise<T>): Promise<boolean> {
    try {
      held.value = await read();
      held.readAtMs = clock.now();
      if (!held.up) log.info({ source: name }, 'source answers');
      held.up = true;
    } catch (error) {
      const expected = error instanceof PortError && error.code === 'unsupported';
      if (held.up || (held.readAtMs === undefined && !expected))
        log.warn({ source: name, error: errorText(error) }, 'source does not answer');
      held.up = false;
      if (held.readAtMs === undefined || clock.now() - held.readAtMs > options.holdMs) held.value = undefined;
    }
    return held.up;
  }

  async function sweep(rooms: readonly Room[]): Promise<void> {
    const queue = new PQueue({ concurrency: options.sweepConcurrency });
    const nowMs = clock.now();
    const due = roomsToSweep(rooms, censuses, {
      nowMs,
      touched,
      maxAgeMs: options.sweepMaxAgeMs,
      limit: options.sweepLimit,
    });
    let failed = false;
    await queue.addAll(
      due.map((room) => async () => {
        // One failure ends the sweep: a service that is in trouble is not asked 400 times more.
        if (failed) return;
        touched.delete(room.sid);
        try {
          censuses.set(room.sid, takeCensus(room, await source.listParticipants(room), nowMs));
        } catch (error) {
          if (error instanceof PortError && error.code === 'not-found') return;
          failed = true;
          log.warn({ error: errorText(error) }, 'sweep of participants broken off');
        }
      }),
    );
    const listed = new Set(rooms.map(({ sid }) => sid));
    for (const sid of censuses.keys()) if (!listed.has(sid)) censuses.delete(sid);
    for (const sid of touched) if (!listed.has(sid)) touched.delete(sid);
  }

  return {
    async cycle() {
      const startedMs = performance.now();
      const fresh = await refresh(roomService, 'room_service', () => source.listRooms());
      // The map before the nodes: whoever is in it was alive, unless the nodes say otherwise afterwards.
      const redisFresh = await refresh(redis, 'redis', async () => {
        const roomNodeMap = await source.readRoomNodeMap();
        return { roomNodeMap, nodes: await source.readNodes() };
      });
      const { nodes, roomNodeMap } = redis.value ?? { nodes: undefined, roomNodeMap: undefined };
      const all = roomService.value;
      const rooms = all === undefined ? [] : livingRooms({ rooms: all, nodes, roomNodeMap });
      if (fresh) await sweep(rooms);
      const snapshot =
        all === undefined ? undefined : takeSnapshot({ rooms: all, censuses, nodes, roomNodeMap }, options);
      return {
        snapshot,
        rooms,
        people: countPeople(rooms, censuses),
        nodes,
        roomNodeMap,
        fresh,
        redisFresh,
        durationSeconds: (performance.now() - startedMs) / 1_000,
      };
    },
    touch: (roomSid) => void touched.add(roomSid),
    health(name) {
      const { up, readAtMs } = name === 'redis' ? redis : roomService;
      return { up, ageSeconds: readAtMs === undefined ? undefined : Math.max(0, clock.now() - readAtMs) / 1_000 };
    },
  };
}
