import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { capacityPlan, freeSlots, largestMeeting, meetingLoad, type NodeLoad } from '../../model/capacity.ts';

const empty: NodeLoad = { state: 'serving', cpus: 32, cpuLoadRatio: 0, bytesOutPerSecond: 0 };
const within = (value: number, wanted: number, ratio: number) =>
  assert.ok(Math.abs(value / wanted - 1) < ratio, `${value} is not within ${ratio} of ${wanted}`);

test('the benchmark it was fitted to comes out again: audio room, livestream', () => {
  // Listeners and viewers of the benchmark are the 3,000; its publishers are not among them.
  within(meetingLoad({ participants: 3_000, tiles: 0, speakers: 10, mainVideos: 0 }).packetsPerSecond, 959_156, 0.01);
  within(meetingLoad({ participants: 3_000, tiles: 0, speakers: 10, mainVideos: 0 }).bytesPerSecond, 23e6, 0.01);
  within(meetingLoad({ participants: 3_000, tiles: 0, speakers: 0, mainVideos: 1 }).packetsPerSecond, 560_962, 0.01);
  within(meetingLoad({ participants: 3_000, tiles: 0, speakers: 0, mainVideos: 1 }).bytesPerSecond, 531e6, 0.01);
});

test('the benchmark it was fitted to comes out again: 150 people who all see each other', () => {
  const load = meetingLoad({ participants: 150, tiles: 149, speakers: 0, mainVideos: 0 });
  within(load.packetsPerSecond, 762_749, 0.01);
  within(load.bytesPerSecond, 93e6, 0.01);
  within(load.cpuCores, 16 * 0.85, 0.01);
});

test('the largest meeting fits an empty 32 vCPU node once, and a 16 vCPU node not at all', () => {
  assert.equal(freeSlots(empty), 1);
  assert.equal(freeSlots({ ...empty, cpus: 16 }), 0);
});

test('the network binds where the CPU would not', () => {
  const video = { ...capacityPlan, meeting: { ...largestMeeting, tiles: 9, mainVideos: 1 } };
  assert.equal(freeSlots({ ...empty, cpus: 64 }, video), 1);
  assert.equal(freeSlots({ ...empty, cpus: 64 }, { ...video, nicBytesPerSecond: 1_250_000_000 }), 5);
});

test('nobody sees more tiles than there are other people', () => {
  assert.deepEqual(meetingLoad({ ...largestMeeting, participants: 1 }), {
    packetsPerSecond: 0,
    bytesPerSecond: 0,
    cpuCores: 0,
  });
  assert.equal(meetingLoad({ ...largestMeeting, participants: 2 }).packetsPerSecond, 2 * (34 + 32));
});

test('a node that is not serving has no slot, however idle', () => {
  for (const state of ['starting', 'draining', 'lost'] as const)
    assert.equal(freeSlots({ ...empty, cpus: 1_000, state }), 0);
});

test('a reading that makes no sense gives no slot', () => {
  assert.equal(freeSlots({ ...empty, cpuLoadRatio: Number.NaN }), 0);
  assert.equal(freeSlots({ ...empty, cpus: 0 }), 0);
  assert.equal(freeSlots({ ...empty, bytesOutPerSecond: Number.POSITIVE_INFINITY }), 0);
  assert.equal(
    freeSlots(empty, { ...capacityPlan, meeting: { participants: 0, tiles: 0, speakers: 0, mainVideos: 0 } }),
    0,
  );
});

test('more load never makes a slot, and slots are whole and never negative', () => {
  const load = fc.record({
    cpus: fc.integer({ min: 0, max: 256 }),
    cpuLoadRatio: fc.double({ min: 0, max: 1, noNaN: true }),
    bytesOutPerSecond: fc.double({ min: 0, max: 3e8, noNaN: true }),
  });
  fc.assert(
    fc.property(load, fc.double({ min: 0, max: 1, noNaN: true }), (node, more) => {
      const before = freeSlots({ state: 'serving', ...node });
      const after = freeSlots({ state: 'serving', ...node, cpuLoadRatio: node.cpuLoadRatio + more });
      assert.ok(Number.isInteger(before) && after >= 0 && after <= before);
    }),
  );
});
