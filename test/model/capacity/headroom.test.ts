import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetHeadroom, type NodeNow } from '../../../model/capacity/headroom.ts';
import { nodeLimits, seedCpuCost } from '../../../model/capacity/node.ts';

const limits = nodeLimits({ slug: 'c-32', vcpus: 32 });
const node = (id: string, participants: number): NodeNow => ({
  id,
  participants,
  // 1 Mbit/s for each: of the 1.4 Gbit/s that may be used.
  used: {
    cpuCores: participants * 0.002,
    packetsPerSecond: participants * 132,
    bytesPerSecond: participants * 125_000,
  },
  limits,
});

test('headroom is what is left of each node, in participants like those of now and in meetings of 500', () => {
  const { now } = fleetHeadroom([node('a', 400), node('b', 1_400)], seedCpuCost);
  assert.deepEqual(now, { participants: 1_000, largestMeetings: 1 });
});

test('with one node lost its people are back on the others, and they weigh there', () => {
  const { oneLost } = fleetHeadroom([node('a', 400), node('b', 400), node('c', 400)], seedCpuCost);
  // Two nodes of 1,400 less 1,200 people; neither keeps room for a meeting of 500 (592,000 of 959,156 packets a second) of more than one.
  assert.deepEqual(oneLost, { participants: 1_600, largestMeetings: 2 });
});

test('a fleet that could not bear the loss says so', () => {
  assert.equal(fleetHeadroom([node('a', 1_000), node('b', 1_000)], seedCpuCost).oneLost, undefined);
  assert.equal(fleetHeadroom([node('a', 10)], seedCpuCost).oneLost, undefined);
});

test('nobody connected: meetings of 500 can be counted, participants like those of now cannot', () => {
  const { now } = fleetHeadroom([node('a', 0), node('b', 0)], seedCpuCost);
  assert.deepEqual(now, { participants: undefined, largestMeetings: 2 });
});

test('a node that bears more than it should has no headroom, and takes none from the others', () => {
  const { now } = fleetHeadroom([node('a', 3_000), node('b', 400)], seedCpuCost);
  assert.deepEqual(now, { participants: 1_000, largestMeetings: 1 });
});
