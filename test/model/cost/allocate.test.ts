import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MicroUsd, usd } from '../../../kernel/money.ts';
import { allocateBy, allocateNode, type Tenant } from '../../../model/cost/allocate.ts';
import type { CostLine } from '../../../model/cost/lines.ts';
import { splitUsd } from '../../../model/cost/split.ts';

const c32 = { vcpus: 32, memoryGib: 64 };

function node(best: MicroUsd): CostLine {
  return {
    id: 'd1',
    name: 'sfu-1',
    kind: 'droplet',
    sku: 'c-32',
    region: 'fra1',
    project: undefined,
    cluster: 'gomeet',
    pool: 'sfu',
    quantity: 672,
    unit: 'hours',
    cost: { best, low: best, high: (best + 7) as MicroUsd },
    origin: 'api',
    basis: 'published',
    source: 'API',
  };
}

const tenant = (workload: string, cpuCores: number, memoryGib: number): Tenant => ({
  use: 'used',
  workload,
  namespace: 'gomeet',
  cpuCores,
  memoryGib,
});

test('half of a node goes by CPU and half by memory, and what nobody holds is idle', () => {
  const parts = allocateNode(node(usd(672)), c32, [tenant('livekit-sfu', 16, 16), tenant('turn-service', 8, 0)]);
  assert.deepEqual(
    parts.map(({ workload, use, cost }) => [workload, use, cost.best]),
    [
      ['livekit-sfu', 'used', usd(672 * (0.25 + 0.125))],
      ['turn-service', 'used', usd(672 * 0.125)],
      ['idle', 'idle', usd(672 * 0.5)],
    ],
  );
});

test('an empty node is idle altogether', () => {
  assert.deepEqual(
    allocateNode(node(usd(672)), c32, []).map(({ use, cost }) => [use, cost.best]),
    [['idle', usd(672)]],
  );
});

test('where more is held than the node has, nothing is idle and the holders pay for all of it', () => {
  const parts = allocateNode(node(usd(100)), c32, [tenant('a', 48, 96), tenant('b', 16, 32)]);
  assert.deepEqual(
    parts.map(({ workload, cost }) => [workload, cost.best]),
    [
      ['a', usd(75)],
      ['b', usd(25)],
    ],
  );
});

test('the parts of a node sum exactly to it, none is negative', () => {
  const some = fc.record({
    cpuCores: fc.double({ min: 0, max: 64, noNaN: true }),
    memoryGib: fc.double({ min: 0, max: 512, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.array(some, { maxLength: 40 }), (amount, held) => {
      const line = node(amount as MicroUsd);
      const parts = allocateNode(
        line,
        c32,
        held.map(({ cpuCores, memoryGib }, index) => tenant(`w${index}`, cpuCores, memoryGib)),
      );
      for (const bound of ['best', 'low', 'high'] as const) {
        assert.equal(
          parts.reduce((sum, { cost }) => sum + cost[bound], 0),
          line.cost[bound],
        );
      }
      for (const { cost } of parts) assert.ok(cost.best >= 0);
    }),
  );
});

test('a split sums exactly to the whole for any weights, and gives nothing to a weight of zero', () => {
  const weights = fc.array(fc.double({ min: 0, max: 1e300, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 45), max: 2 ** 45 }), weights, (amount, given) => {
      fc.pre(given.some((weight) => weight > 0));
      const parts = splitUsd(amount as MicroUsd, given);
      assert.equal(
        parts.reduce<number>((sum, part) => sum + part, 0),
        amount,
      );
      for (const part of parts) assert.ok(Number.isInteger(part) && part * Math.sign(amount) >= 0);
    }),
  );
});

test('a split refuses weights that are none', () => {
  for (const weights of [[], [0, 0], [-1, 2], [Number.NaN], [Number.POSITIVE_INFINITY]])
    assert.throws(() => splitUsd(usd(1), weights), RangeError);
});

test('a line without a project or a pool is allocated to none by name, not left out', () => {
  const [part] = allocateBy(node(usd(1)), [{ owner: { use: 'shared', workload: 'x', namespace: 'y' }, weight: 3 }]);
  assert.deepEqual([part?.project, part?.pool, part?.cost.best], ['no project', 'sfu', usd(1)]);
});
