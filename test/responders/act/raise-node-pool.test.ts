import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { usd } from '../../../kernel/money.ts';
import type { Preflight, World } from '../../../responders/act/define.ts';
import { raiseNodePool } from '../../../responders/act/raise-node-pool.ts';
import type { CloudState, ClusterState, NodePool } from '../../../responders/ports.ts';
import { actRig, poolOf } from '../../support/act-ports.ts';
import { clusterOf, nowMs, pastRun, podOf, situationOf } from '../../support/situation.ts';

const { scene } = situationOf('raiseNodePool');
const waiting = (workload: string, more: Partial<ClusterState> = {}) =>
  clusterOf(4, {
    pods: [podOf(workload, 9, { ready: false, unschedulable: '0/4 nodes are available' })],
    readyNodes: ['n1', 'n2', 'n3', 'n4'].map((name) => ({ name, pool: 'sfu' })),
    ...more,
  });
const cloudOf = (pool: Partial<NodePool> = {}, more: Partial<CloudState> = {}): CloudState => ({
  pools: [poolOf(pool)],
  dropletLimit: 50,
  droplets: 10,
  monthToDate: usd(0),
  ...more,
});
const worldOf = (cluster: ClusterState, cloud: CloudState = cloudOf()): World => ({
  cluster: { value: cluster, observedAtMs: nowMs },
  cloud: { value: cloud, observedAtMs: nowMs },
});
const ask = (world: World = worldOf(waiting('livekit-sfu')), params: { step: number; pool?: string } = { step: 1 }) =>
  raiseNodePool.preflight(params, world, scene);
const word = (...args: Parameters<typeof ask>) => {
  const plan = ask(...args);
  return 'blocked' in plan ? plan.blocked : 'goes';
};
const planned = (...args: Parameters<typeof ask>): Preflight => {
  const plan = ask(...args);
  if ('blocked' in plan) assert.fail(`${plan.blocked}: ${plan.saw}`);
  return plan;
};
const runOf = (plan: Preflight = planned()) =>
  pastRun({ id: 'run-1', action: 'raiseNodePool', target: plan.target, change: plan.change, state: 'intended' });

describe('what it would do', () => {
  it('adds to the pool where pods wait for room; what autoscales gets a higher minimum', () => {
    assert.deepEqual(planned(), {
      target: 'node-pool/sfu',
      change: { pool: 'sfu', from: 2, to: 5, readyBefore: 4 },
      says: 'node pool sfu 4 → 5 nodes of s; 1 pods wait for room',
      touches: { pods: 0, rooms: 0, participants: 0, fleetShareRatio: 0 },
      growth: { after: 5, ceiling: 20 },
      costPerHour: usd(1),
      hold: 5,
    });
  });

  it('starts from the minimum where that is above the count, and pays for all that come', () => {
    const plan = planned(worldOf(waiting('livekit-sfu'), cloudOf({ minNodes: 6 })), { step: 2 });
    assert.deepEqual([plan.growth?.after, plan.costPerHour], [8, usd(4)]);
  });

  it('the ceiling is the lowest of the declared one, the pool and the droplets that the account has left', () => {
    const ceiling = (cloud: CloudState) => planned(worldOf(waiting('livekit-sfu'), cloud)).growth?.ceiling;
    assert.equal(ceiling(cloudOf({ maxNodes: 30 })), 20);
    assert.equal(ceiling(cloudOf({ maxNodes: 8 })), 8);
    assert.equal(ceiling(cloudOf({ maxNodes: 8, autoScale: false })), 20);
    assert.equal(ceiling(cloudOf({}, { droplets: 49 })), 5);
    assert.equal(ceiling(cloudOf({}, { droplets: 50 })), 4);
  });

  it('does nothing where no pod waits, or only such as the catalogue does not know', () => {
    assert.equal(word(worldOf(clusterOf(4))), 'nothing-to-do');
    assert.equal(word(worldOf(waiting('somebody-elses'))), 'nothing-to-do');
  });

  it('does nothing for a pool that a person names while pods wait for another', () => {
    assert.equal(word(worldOf(waiting('chat-service')), { step: 1, pool: 'sfu' }), 'nothing-to-do');
    assert.equal(word(worldOf(waiting('livekit-sfu')), { step: 1, pool: 'sfu' }), 'goes');
  });

  it('finds no target in a pool that is not there or not declared', () => {
    assert.equal(word(worldOf(waiting('livekit-sfu'), cloudOf({}, { pools: [] }))), 'no-target');
    const api = cloudOf({}, { pools: [poolOf({ name: 'api' })] });
    assert.equal(word(worldOf(waiting('chat-service'), api)), 'no-target');
  });

  it('holds without a reading of the cloud', () => {
    const { cluster } = worldOf(waiting('livekit-sfu'));
    assert.equal(word(cluster === undefined ? {} : { cluster }), 'stale-data');
  });
});

describe('doing it', () => {
  it('a second run after a lost answer buys no second node', async () => {
    for (const autoScale of [true, false]) {
      const cloud = cloudOf({ autoScale });
      const rig = actRig({ cloud });
      const run = runOf(planned(worldOf(waiting('livekit-sfu'), cloud)));
      assert.equal(await raiseNodePool.applied(run, rig.ports), false);
      rig.loseAnswer();
      await assert.rejects(raiseNodePool.run(run, scene.occasion, rig.ports), PortError);
      assert.equal(await raiseNodePool.applied(run, rig.ports), true);
      await raiseNodePool.run(run, scene.occasion, rig.ports);
      assert.deepEqual(rig.effects, ['setPoolFloor sfu 5']);
    }
  });

  it('never lowers what somebody else raised further', async () => {
    const rig = actRig({ cloud: cloudOf({ minNodes: 9 }) });
    await raiseNodePool.run(runOf(), scene.occasion, rig.ports);
    assert.deepEqual(rig.effects, []);
  });

  it('a refusal surfaces, and a pool that is gone is an error that no retry helps', async () => {
    const rig = actRig({ cloud: cloudOf() });
    rig.refuse('setPoolFloor', 'forbidden');
    await assert.rejects(raiseNodePool.run(runOf(), scene.occasion, rig.ports), /forbidden/);
    const gone = actRig({ cloud: cloudOf({}, { pools: [] }) });
    assert.equal(await raiseNodePool.applied(runOf(), gone.ports), false);
    await assert.rejects(
      raiseNodePool.run(runOf(), scene.occasion, gone.ports),
      (error) => error instanceof PortError && !error.retryable,
    );
    assert.deepEqual([...rig.effects, ...gone.effects], []);
  });
});

describe('whether it helped', () => {
  const verdict = (ready: number, elsewhere = 0) =>
    raiseNodePool.verify(
      runOf(),
      worldOf(
        waiting('livekit-sfu', {
          readyNodes: [
            ...Array.from({ length: ready }, (_none, at) => ({ name: `n${at}`, pool: 'sfu' })),
            ...Array.from({ length: elsewhere }, (_none, at) => ({ name: `m${at}`, pool: 'api' })),
          ],
        }),
      ),
      { actedAtMs: nowMs, nowMs, signals: {} },
    ).verdict;

  it('is verified by one more ready node in that pool', () => {
    assert.deepEqual([verdict(4), verdict(5)], ['pending', 'verified']);
  });

  it('is not verified by a node of another pool, nor while one was lost', () => {
    assert.deepEqual([verdict(4, 3), verdict(3)], ['pending', 'pending']);
  });
});
