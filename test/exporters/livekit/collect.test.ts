import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Census,
  countPeople,
  livingRooms,
  roomsToSweep,
  takeCensus,
  takeSnapshot,
} from '../../../exporters/livekit/collect.ts';
import type { Room } from '../../../exporters/livekit/domain.ts';
import { fakeNode, fakeParticipant, fakeRoom } from '../../../lab/fakes/livekit-source.ts';

const options = { largestRooms: 20 };
const none: ReadonlyMap<string, Census> = new Map();
const total = (cells: readonly { count: number }[]) => cells.reduce((sum, { count }) => sum + count, 0);
const rule = { nowMs: 200_000, touched: new Set<string>(), maxAgeMs: 120_000, limit: 100 };
const swept = (room: Room, atMs = 190_000): [string, Census] => [
  room.sid,
  takeCensus(
    room,
    Array.from({ length: room.participants }, (_, index) => fakeParticipant(String(index))),
    atMs,
  ),
];

test('participants are counted by state and kind, and hidden ones not at all', () => {
  const room = fakeRoom('standup', 3);
  const census = takeCensus(
    room,
    [
      fakeParticipant('a'),
      fakeParticipant('b', { state: 'joining' }),
      fakeParticipant('c', { kind: 'sip' }),
      fakeParticipant('d', { hidden: true }),
      fakeParticipant('e', { kind: 'agent' }),
      fakeParticipant('f', { kind: 'egress', hidden: true }),
    ],
    0,
  );
  const snapshot = takeSnapshot(
    { rooms: [room], censuses: new Map([[room.sid, census]]), nodes: undefined, roomNodeMap: undefined },
    options,
  );
  assert.deepEqual(snapshot.participants, [
    { state: 'active', kind: 'standard', count: 1 },
    { state: 'joining', kind: 'standard', count: 1 },
    { state: 'active', kind: 'sip', count: 1 },
    { state: 'active', kind: 'agent', count: 1 },
  ]);
  assert.equal(census.people, 3);
  assert.equal(census.listable, 4);
});

test('the sweep counts and not the late number of ListRooms', () => {
  const late = fakeRoom('standup', 0);
  const censuses = new Map([
    [
      late.sid,
      takeCensus(
        late,
        [1, 2, 3, 4].map((sid) => fakeParticipant(String(sid))),
        0,
      ),
    ],
  ]);
  assert.equal(
    total(takeSnapshot({ rooms: [late], censuses, nodes: undefined, roomNodeMap: undefined }, options).participants),
    4,
  );
  assert.equal(countPeople([late], censuses).get(late.sid), 4);
});

test('what changed since the sweep is taken on, and never below nobody', () => {
  const room = fakeRoom('standup', 4);
  const censuses = new Map([swept(room)]);
  const after = (participants: number) =>
    total(
      takeSnapshot({ rooms: [{ ...room, participants }], censuses, nodes: undefined, roomNodeMap: undefined }, options)
        .participants,
    );
  assert.equal(after(7), 7);
  assert.equal(after(1), 1);
  assert.equal(after(0), 0);
});

test('the sum over cells is the sum over rooms, whatever was swept', () => {
  const size = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(fc.array(fc.record({ before: size, now: size, known: fc.boolean() }), { maxLength: 30 }), (plan) => {
      const censuses = new Map(
        plan.flatMap(({ before, known }, index) => (known ? [swept(fakeRoom(String(index), before))] : [])),
      );
      const rooms = plan.map(({ now }, index) => fakeRoom(String(index), now));
      const snapshot = takeSnapshot({ rooms, censuses, nodes: undefined, roomNodeMap: undefined }, options);
      const wanted = plan.reduce((sum, { now }) => sum + now, 0);
      assert.equal(total(snapshot.participants), wanted);
      assert.equal(
        snapshot.roomSizes.reduce((sum, count) => sum + count, 0),
        wanted,
      );
    }),
  );
});

test('rooms of a lost node and of one that is gone are left out, those without a place are not', () => {
  const rooms = ['a', 'b', 'c', 'd'].map((name) => fakeRoom(name, 5));
  const nodes = [fakeNode('N1'), fakeNode('N2', { state: 'lost' })];
  const roomNodeMap = new Map([
    ['a', 'N1'],
    ['b', 'N2'],
    ['c', 'N3'],
  ]);
  assert.deepEqual(
    livingRooms({ rooms, nodes, roomNodeMap }).map(({ name }) => name),
    ['a', 'd'],
  );
});

test('no room is left out when every node seems lost: then the clock is doubted', () => {
  const rooms = [fakeRoom('a', 5)];
  assert.equal(
    livingRooms({ rooms, nodes: [fakeNode('N1', { state: 'lost' })], roomNodeMap: new Map([['a', 'N1']]) }).length,
    1,
  );
  assert.equal(livingRooms({ rooms, nodes: undefined, roomNodeMap: undefined }).length, 1);
});

test('a node has the rooms and people the map gives it, and slots only while it serves', () => {
  const rooms = [fakeRoom('a', 5), fakeRoom('b', 7), fakeRoom('c', 1)];
  const nodes = [fakeNode('N1'), fakeNode('N2', { state: 'draining' }), fakeNode('N3', { ownRooms: 9 })];
  const snapshot = takeSnapshot(
    {
      rooms,
      censuses: none,
      nodes,
      roomNodeMap: new Map([
        ['a', 'N1'],
        ['b', 'N1'],
        ['c', 'N2'],
      ]),
    },
    options,
  );
  assert.deepEqual(
    snapshot.nodes?.map(({ nodeId, rooms: held, participants, freeSlots }) => ({
      nodeId,
      held,
      participants,
      freeSlots,
    })),
    [
      { nodeId: 'N1', held: 2, participants: 12, freeSlots: 1 },
      { nodeId: 'N2', held: 1, participants: 1, freeSlots: 0 },
      { nodeId: 'N3', held: 0, participants: 0, freeSlots: 1 },
    ],
  );
  assert.equal(snapshot.freeSlots, 2);
});

test('without Redis there are no nodes and no slots, and the rooms are counted all the same', () => {
  const snapshot = takeSnapshot(
    { rooms: [fakeRoom('a', 250)], censuses: none, nodes: undefined, roomNodeMap: undefined },
    options,
  );
  assert.equal(snapshot.nodes, undefined);
  assert.equal(snapshot.freeSlots, undefined);
  assert.equal(snapshot.fillRatioMax, 0.5);
});

test('a node that was lost more than an hour ago is history', () => {
  const nodes = [
    fakeNode('N1'),
    fakeNode('N2', { state: 'lost', ageSeconds: 3_000 }),
    fakeNode('N3', { state: 'lost', ageSeconds: 4_000 }),
  ];
  assert.deepEqual(
    takeSnapshot({ rooms: [], censuses: none, nodes, roomNodeMap: new Map() }, options).nodes?.map(
      ({ nodeId }) => nodeId,
    ),
    ['N1', 'N2'],
  );
});

test('only the largest rooms are named, and never an empty one', () => {
  const rooms = [fakeRoom('a', 5), fakeRoom('b', 50), fakeRoom('c', 0), fakeRoom('d', 20)];
  const largest = (largestRooms: number) =>
    takeSnapshot({ rooms, censuses: none, nodes: undefined, roomNodeMap: undefined }, { largestRooms }).largest.map(
      ({ sid }) => sid,
    );
  assert.deepEqual(largest(2), ['RM_b', 'RM_d']);
  assert.deepEqual(largest(20), ['RM_b', 'RM_d', 'RM_a']);
  assert.deepEqual(largest(0), []);
});

test('a large room is named with its node where the room map is known, and without one where it is not', () => {
  const nodeOf = (roomNodeMap: ReadonlyMap<string, string> | undefined) =>
    takeSnapshot({ rooms: [fakeRoom('a', 5)], censuses: none, nodes: undefined, roomNodeMap }, options).largest[0]
      ?.nodeId;
  assert.equal(nodeOf(new Map([['a', 'N1']])), 'N1');
  assert.equal(nodeOf(new Map()), '');
  assert.equal(nodeOf(undefined), '');
});

test('a room is not swept again while nothing about it changes', () => {
  const room = fakeRoom('a', 5);
  assert.deepEqual(roomsToSweep([room], new Map([swept(room)]), rule), []);
});

test('a room is swept when it is new, changed, unsettled, spoken of or long unseen, the largest difference first', () => {
  const settled = fakeRoom('settled', 3);
  const old = fakeRoom('old', 3);
  const late = fakeRoom('late', 0);
  const spoken = fakeRoom('spoken', 3);
  const changed = fakeRoom('changed', 3);
  const fresh = fakeRoom('fresh', 9);
  const censuses = new Map([
    swept(settled),
    swept(old, 0),
    [late.sid, takeCensus(late, [fakeParticipant('1'), fakeParticipant('2')], 190_000)],
    swept(spoken),
    swept(changed),
  ]);
  const rooms = [settled, old, late, spoken, { ...changed, participants: 8 }, fresh];
  const due = roomsToSweep(rooms, censuses, { ...rule, touched: new Set([spoken.sid]) });
  assert.deepEqual(
    due.map(({ name }) => name),
    ['fresh', 'changed', 'late', 'spoken', 'old'],
  );
  assert.equal(roomsToSweep(rooms, censuses, { ...rule, limit: 2 }).length, 2);
});
