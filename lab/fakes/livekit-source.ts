import type { LiveKitSource, NodeReading, Participant, Room } from '../../exporters/livekit/domain.ts';
import { PortError } from '../../kernel/errors.ts';

/** A LiveKit that a test sets up and changes as it likes. */
export interface FakeLiveKit extends LiveKitSource {
  rooms: Room[];
  /** By room name; without an entry a room lists as many standard, active people as it has participants. */
  readonly participants: Map<string, Participant[]>;
  nodes: NodeReading[];
  readonly map: Map<string, string>;
  /** What does not answer. */
  readonly away: Set<'roomService' | 'redis'>;
  /** Reads so far. */
  readonly calls: { listRooms: number; listParticipants: number };
}

/** An empty one. */
export function fakeLiveKit(): FakeLiveKit {
  const fake: FakeLiveKit = {
    rooms: [],
    participants: new Map(),
    nodes: [],
    map: new Map(),
    away: new Set(),
    calls: { listRooms: 0, listParticipants: 0 },
    async listRooms() {
      fake.calls.listRooms += 1;
      if (fake.away.has('roomService')) throw new PortError('livekit fake', 'unreachable', 'cannot be reached');
      return [...fake.rooms];
    },
    async listParticipants({ name }) {
      fake.calls.listParticipants += 1;
      if (fake.away.has('roomService')) throw new PortError('livekit fake', 'unreachable', 'cannot be reached');
      const room = fake.rooms.find((one) => one.name === name);
      return (
        fake.participants.get(name) ??
        Array.from({ length: room?.participants ?? 0 }, (_, index) => fakeParticipant(`${name}-${index}`))
      );
    },
    async readNodes() {
      if (fake.away.has('redis')) throw new PortError('redis', 'unreachable', 'cannot be read');
      if (fake.nodes.length === 0)
        throw new PortError('redis', 'not-found', 'no LiveKit node is registered: another Redis or database?');
      return [...fake.nodes];
    },
    async readRoomNodeMap() {
      if (fake.away.has('redis')) throw new PortError('redis', 'unreachable', 'cannot be read');
      return new Map(fake.map);
    },
    async close() {
      fake.away.add('roomService').add('redis');
    },
  };
  return fake;
}

/** A person in a room, active and publishing nothing. */
export function fakeParticipant(sid: string, overrides: Partial<Participant> = {}): Participant {
  return { sid, state: 'active', kind: 'standard', publisher: false, hidden: false, ...overrides };
}

/** A serving node of 32 vCPU without load. */
export function fakeNode(nodeId: string, overrides: Partial<NodeReading> = {}): NodeReading {
  return {
    nodeId,
    state: 'serving',
    cpus: 32,
    cpuLoadRatio: 0,
    bytesInPerSecond: 0,
    bytesOutPerSecond: 0,
    ownRooms: 0,
    startedAtMs: 0,
    ageSeconds: 1,
    ...overrides,
  };
}

/** A room with so many participants. */
export function fakeRoom(name: string, participants: number, overrides: Partial<Room> = {}): Room {
  return {
    sid: `RM_${name}`,
    name,
    participants,
    publishers: Math.min(participants, 5),
    createdAtMs: 0,
    endpoint: 'fake',
    ...overrides,
  };
}

/** Sizes of `rooms` meetings that sum to `participants`: one of 500, some of 100, the rest alike. */
export function meetingSizes(rooms: number, participants: number): readonly number[] {
  const large = [500, ...Array.from({ length: Math.min(50, Math.floor(rooms / 50)) }, () => 100)];
  const rest = rooms - large.length;
  const left = participants - large.reduce((sum, size) => sum + size, 0);
  return [
    ...large,
    ...Array.from({ length: rest }, (_, index) => Math.floor(left / rest) + (index < left % rest ? 1 : 0)),
  ];
}
