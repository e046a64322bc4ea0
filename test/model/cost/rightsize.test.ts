import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usd } from '../../../kernel/money.ts';
import {
  type ContainerUse,
  highMinimums,
  type PoolUse,
  rightSizes,
  underusedNodes,
  unitPrices,
} from '../../../model/cost/rightsize.ts';

const price = unitPrices(usd(672), { vcpus: 32, memoryGib: 64 });
const use: ContainerUse = {
  namespace: 'gomeet',
  workload: 'chat-service',
  container: 'chat',
  replicas: 10,
  cpuRequestCores: 4,
  memoryRequestGib: 8,
  cpuP95Cores: 1,
  memoryMaxGib: 2,
  days: 20,
};

test('a core is half of a node over its cores, a GiB half of it over its memory', () => {
  assert.deepEqual(price, { core: usd(10.5), gib: usd(5.25) });
});

test('a request four times too large is cut to the 95th percentile and the maximum plus 15 %, for all replicas', () => {
  const [found] = rightSizes([use], price);
  assert.ok(found);
  assert.deepEqual(
    [found.cpuCores, found.memoryGib, found.verdict, found.confidence],
    [1, 2.3125, 'too-large', 'high'],
  );
  assert.equal(found.saving, usd(10 * (3 * 10.5 + 5.6875 * 5.25)));
});

test('a request that is too small is raised and saves nothing', () => {
  const [found] = rightSizes([{ ...use, memoryMaxGib: 9 }], price);
  assert.deepEqual([found?.verdict, found?.saving], ['too-small', 0]);
});

test('a request that fits within a tenth is left alone', () => {
  assert.deepEqual(rightSizes([{ ...use, cpuP95Cores: 3.9, memoryMaxGib: 6.9 }], price), []);
});

test('less than a day of data says nothing, less than a week little', () => {
  assert.deepEqual(rightSizes([{ ...use, days: 0.9 }], price), []);
  assert.equal(rightSizes([{ ...use, days: 5 }], price)[0]?.confidence, 'low');
  assert.equal(rightSizes([{ ...use, days: 10 }], price)[0]?.confidence, 'medium');
});

test('no saving is negative, and what is recommended covers what was taken', () => {
  const amount = fc.double({ min: 0, max: 64, noNaN: true });
  fc.assert(
    fc.property(amount, amount, amount, amount, (cpuRequestCores, memoryRequestGib, cpuP95Cores, memoryMaxGib) => {
      const given = { ...use, cpuRequestCores, memoryRequestGib, cpuP95Cores, memoryMaxGib };
      for (const found of rightSizes([given], price)) {
        assert.ok(found.saving >= 0);
        assert.ok(found.cpuCores >= cpuP95Cores - 1e-6 && found.memoryGib >= memoryMaxGib - 1e-6);
      }
    }),
  );
});

test('a node is underused only when little is asked for and little taken', () => {
  const node = { name: 'a', cpuRequestedRatio: 0.3, memoryRequestedRatio: 0.3, cpuUsedRatio: 0.1 };
  assert.deepEqual(underusedNodes([node]), [node]);
  for (const busy of [{ cpuRequestedRatio: 0.6 }, { memoryRequestedRatio: 0.6 }, { cpuUsedRatio: 0.3 }])
    assert.deepEqual(underusedNodes([{ ...node, ...busy }]), []);
});

const pool: PoolUse = {
  id: 'p',
  clusterId: 'k',
  name: 'sfu',
  autoScale: true,
  minNodes: 6,
  vcpus: 32,
  memoryGib: 64,
  monthlyPerNode: usd(672),
  peakCpuRequestCores: 40,
  peakMemoryRequestGib: 80,
  days: 20,
};

test('a minimum above the highest load and one node to lose is too high', () => {
  const [found] = highMinimums([pool]);
  assert.deepEqual([found?.minimumNeeded, found?.saving, found?.confidence], [3, usd(3 * 672), 'high']);
});

test('a minimum that the load needs, a pool that does not autoscale, and a pool without data are left alone', () => {
  for (const other of [{ minNodes: 3 }, { peakCpuRequestCores: 150 }, { autoScale: false }, { days: 0.5 }])
    assert.deepEqual(highMinimums([{ ...pool, ...other }]), []);
});
