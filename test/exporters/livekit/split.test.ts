import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveKitEvent } from '../../../exporters/livekit/domain.ts';
import { createSplitDetector, type SplitDetector } from '../../../exporters/livekit/split.ts';
import { fakeNode, fakeRoom } from '../../../lab/fakes/livekit-source.ts';

const quiet = { rooms: [], nodes: undefined, roomNodeMap: undefined, nowMs: 0 };
const event = (sid: string, seconds: number, name = 'participant_joined'): LiveKitEvent => ({
  id: `${sid}${seconds}`,
  event: name,
  createdAtMs: seconds * 1_000,
  room: { sid, name: 'standup' },
  participant: undefined,
  disconnectReason: undefined,
  recording: undefined,
});
const feed = (detector: SplitDetector, ...events: LiveKitEvent[]) => {
  for (const one of events) detector.event(one);
};

test('one name under two sids at two endpoints, both with people, is split', () => {
  const rooms = [
    fakeRoom('standup', 3, { endpoint: 'a' }),
    fakeRoom('standup', 2, { sid: 'RM_other', endpoint: 'b' }),
    fakeRoom('retro', 4),
  ];
  assert.equal(createSplitDetector().observe({ ...quiet, rooms }), 1);
});

test('one name under two sids is not split when one of them is empty', () => {
  const rooms = [fakeRoom('standup', 3), fakeRoom('standup', 0, { sid: 'RM_other', endpoint: 'b' })];
  assert.equal(createSplitDetector().observe({ ...quiet, rooms }), 0);
});

test('two sessions of one name whose webhooks overlap are split', () => {
  const detector = createSplitDetector();
  feed(detector, event('RM_1', 0), event('RM_2', 10), event('RM_1', 20), event('RM_2', 30));
  assert.equal(detector.observe({ ...quiet, nowMs: 31_000 }), 1);
});

test('a meeting that is held again is not split, even with events out of order and no room_finished', () => {
  const detector = createSplitDetector();
  feed(
    detector,
    event('RM_1', 0),
    event('RM_2', 100),
    event('RM_1', 99, 'participant_left'),
    event('RM_2', 200),
    event('RM_1', 101, 'participant_left'),
  );
  assert.equal(detector.observe({ ...quiet, nowMs: 201_000 }), 0);
});

test('a split is over when one half has finished, or has been still for ten minutes', () => {
  const finished = createSplitDetector();
  feed(
    finished,
    event('RM_1', 0),
    event('RM_2', 10),
    event('RM_1', 20),
    event('RM_2', 30),
    event('RM_1', 40, 'room_finished'),
  );
  assert.equal(finished.observe({ ...quiet, nowMs: 41_000 }), 0);
  const still = createSplitDetector();
  feed(still, event('RM_1', 0), event('RM_2', 10), event('RM_1', 20), event('RM_2', 30));
  assert.equal(still.observe({ ...quiet, nowMs: 619_000 }), 1);
  assert.equal(still.observe({ ...quiet, nowMs: 620_000 }), 0);
});

test('a node that holds more than the map gives it, at three polls, has a room that was placed anew elsewhere', () => {
  const detector = createSplitDetector();
  const poll = {
    ...quiet,
    rooms: [fakeRoom('standup', 2)],
    nodes: [fakeNode('A', { ownRooms: 1 }), fakeNode('B', { ownRooms: 1 })],
    roomNodeMap: new Map([['standup', 'B']]),
  };
  assert.deepEqual(
    [1, 2, 3].map(() => detector.observe(poll)),
    [0, 0, 1],
  );
});

test('a number that lags for one poll is not believed', () => {
  const detector = createSplitDetector();
  const poll = (ownRooms: number) =>
    detector.observe({
      ...quiet,
      rooms: [fakeRoom('standup', 2)],
      nodes: [fakeNode('A', { ownRooms })],
      roomNodeMap: new Map([['standup', 'A']]),
    });
  assert.deepEqual([2, 2, 1, 2, 2].map(poll), [0, 0, 0, 0, 0]);
});

test('rooms that are only missing from the map are not split yet, and a lost node counts for nothing', () => {
  const detector = createSplitDetector();
  const nodes = [fakeNode('A', { ownRooms: 1 }), fakeNode('B', { ownRooms: 5, state: 'lost' })];
  for (let polls = 0; polls < 4; polls += 1)
    assert.equal(detector.observe({ ...quiet, rooms: [fakeRoom('standup', 2)], nodes, roomNodeMap: new Map() }), 0);
});
