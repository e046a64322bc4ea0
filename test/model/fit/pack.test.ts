import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allocatable } from '../../../model/fit/doks.ts';
import { type PodLot, packPods } from '../../../model/fit/pack.ts';

const node = { cpuMillicores: 4_000, memoryMib: 8_000, pods: 10 };
const lot = (more: Partial<PodLot>): PodLot => ({
  name: 'a',
  count: 1,
  cpuMillicores: 1_000,
  memoryMib: 1_000,
  ...more,
});

test("allocatable memory is DigitalOcean's own table, and a c-32 gives 58 GiB", () => {
  assert.deepEqual(allocatable({ vcpus: 32, memoryGib: 64 }), {
    cpuMillicores: 31_850,
    memoryMib: 58 * 1_024,
    pods: 110,
  });
  assert.equal(allocatable({ vcpus: 4, memoryGib: 8 }).memoryMib, 6 * 1_024);
  assert.ok(
    allocatable({ vcpus: 8, memoryGib: 24 }).memoryMib < 24 * 1_024 * 0.9,
    'a size between rows takes the smaller share',
  );
});

test('four pods of a core fill a node of four, the fifth takes another', () => {
  assert.equal(packPods([lot({ count: 4 })], node, [], 7).nodes, 1);
  assert.equal(packPods([lot({ count: 5 })], node, [], 7).nodes, 2);
});

test('what runs everywhere is taken off each node', () => {
  assert.equal(packPods([lot({ count: 4 })], node, [lot({ name: 'agent', cpuMillicores: 500 })], 7).nodes, 2);
});

test('host ports, volumes and the number of pods bind as well', () => {
  assert.equal(packPods([lot({ count: 3, onePerNode: true, cpuMillicores: 10 })], node, [], 7).nodes, 3);
  assert.equal(packPods([lot({ count: 8, volumes: 1, cpuMillicores: 10, memoryMib: 10 })], node, [], 7).nodes, 2);
  assert.equal(packPods([lot({ count: 11, cpuMillicores: 10, memoryMib: 10 })], node, [], 7).nodes, 2);
});

test('a pod that is larger than an empty node is named and not counted', () => {
  const { nodes, tooLarge } = packPods([lot({ memoryMib: 8_001 }), lot({ name: 'b' })], node, [], 7);
  assert.deepEqual([nodes, tooLarge.map(({ name }) => name)], [1, ['a']]);
});

test('in any order more nodes are needed than packed: a node that is half full takes no pod of the larger kind', () => {
  const lots = [lot({ name: 'small', count: 4, cpuMillicores: 1_000 }), lot({ name: 'large', cpuMillicores: 4_000 })];
  const { nodes, anyOrder } = packPods(lots, node, [], 7);
  assert.deepEqual([nodes, anyOrder], [2, 5], 'one small pod on each of four nodes closes them all');
});

test('on so many nodes every pod finds a place, however the others were strewn', () => {
  const lots = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      count: fc.integer({ min: 0, max: 12 }),
      cpuMillicores: fc.integer({ min: 1, max: 4_000 }),
      memoryMib: fc.integer({ min: 1, max: 8_000 }),
      onePerNode: fc.boolean(),
      volumes: fc.integer({ min: 0, max: 7 }),
    }),
    { maxLength: 4, selector: ({ name }) => name },
  );
  fc.assert(
    fc.property(lots, fc.infiniteStream(fc.nat()), (some, dice) => {
      const roll = (below: number) => Number(dice.next().value) % below;
      const { anyOrder } = packPods(some, node, [], 7);
      const strewn = Array.from({ length: anyOrder }, (): PodLot[] => []);
      const waiting = some.flatMap((one) => Array.from({ length: one.count }, () => one));
      while (waiting.length > 0) {
        const [pod] = waiting.splice(roll(waiting.length), 1);
        assert.ok(pod);
        const open = strewn.filter((pods) => takes(pods, pod));
        assert.ok(open.length > 0, `${pod.name} has no place on ${anyOrder} nodes`);
        open[roll(open.length)]?.push(pod);
      }
    }),
  );
});

function takes(pods: readonly PodLot[], pod: PodLot): boolean {
  const all = [...pods, pod];
  const sum = (of: (one: PodLot) => number) => all.reduce((total, one) => total + of(one), 0);
  return (
    sum(({ cpuMillicores }) => cpuMillicores) <= node.cpuMillicores &&
    sum(({ memoryMib }) => memoryMib) <= node.memoryMib &&
    sum(({ volumes }) => volumes ?? 0) <= 7 &&
    all.length <= node.pods &&
    !(pod.onePerNode === true && pods.some(({ name }) => name === pod.name))
  );
}

test('never fewer nodes than the sum asks for, never more than a node for each pod', () => {
  const lots = fc.array(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      count: fc.integer({ min: 0, max: 20 }),
      cpuMillicores: fc.integer({ min: 1, max: 4_000 }),
      memoryMib: fc.integer({ min: 1, max: 8_000 }),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(lots, (some) => {
      const { nodes, asked, tooLarge } = packPods(some, node, [], 7);
      assert.equal(tooLarge.length, 0);
      assert.ok(nodes >= Math.max(asked.cpuMillicores / node.cpuMillicores, asked.memoryMib / node.memoryMib) - 1e-9);
      assert.ok(nodes <= asked.pods);
    }),
  );
});
