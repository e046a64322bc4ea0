import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PortError } from '../../../kernel/errors.ts';
import { usd } from '../../../kernel/money.ts';
import type { Preflight, Scene, World } from '../../../responders/act/define.ts';
import { scaleSfu, wanted } from '../../../responders/act/scale-sfu.ts';
import { actRig, autoscalerOf, poolOf } from '../../support/act-ports.ts';
import {
  clusterOf,
  deploymentOf,
  fleetOf,
  nowMs,
  pastRun,
  podOf,
  sfuOf,
  situationOf,
} from '../../support/situation.ts';

const { world, scene, occasion } = (({ world, scene }) => ({ world, scene, occasion: scene.occasion }))(
  situationOf('scaleSfu'),
);
const seen = <T>(value: T) => ({ value, observedAtMs: nowMs - 2_000 });
const ask = (more: World = {}, step = 1, at: Partial<Scene> = {}) =>
  scaleSfu.preflight({ step }, { ...world, ...more }, { ...scene, ...at });
const planned = (more: World = {}, step = 1): Preflight => {
  const plan = ask(more, step);
  if ('blocked' in plan) assert.fail(`${plan.blocked}: ${plan.saw}`);
  return plan;
};
const blocked = (more: World, step = 1) => {
  const plan = ask(more, step);
  return 'blocked' in plan ? plan.blocked : undefined;
};
const withAutoscaler = (replicas: number, minReplicas: number, maxReplicas = 10) =>
  clusterOf(replicas, {
    deployments: [deploymentOf('livekit-sfu', replicas, { autoscaler: autoscalerOf(minReplicas, { maxReplicas }) })],
  });
const starting = (count: number, ageMs: number) =>
  clusterOf(4, {
    pods: Array.from({ length: count }, (_none, serial) =>
      podOf('livekit-sfu', serial, { ready: false, createdAtMs: nowMs - ageMs }),
    ),
  });
const runOf = (plan: Preflight) =>
  pastRun({ id: 'run-1', action: 'scaleSfu', target: plan.target, change: plan.change, state: 'intended' });

describe('what it would do', () => {
  it('one more node, nobody touched, at the price of one', () => {
    assert.deepEqual(planned(), {
      target: 'deployment/livekit-sfu',
      change: {
        deployment: 'livekit-sfu',
        owner: 'deployment',
        from: 4,
        to: 5,
        before: ['ND_0', 'ND_1', 'ND_2', 'ND_3'],
      },
      says: 'livekit-sfu 4 → 5 nodes',
      touches: { pods: 0, rooms: 0, participants: 0, fleetShareRatio: 0 },
      growth: { after: 5, ceiling: 10 },
      costPerHour: usd(1),
      hold: 5,
    });
  });

  it('where an autoscaler owns the replicas it is the floor that moves, from the higher of floor and size', () => {
    const high = planned({ cluster: seen(withAutoscaler(4, 2)) });
    const low = planned({ cluster: seen(withAutoscaler(3, 6)) });
    assert.deepEqual([high.hold, low.hold, wanted(deploymentOf('x', 3, { autoscaler: autoscalerOf(6) }))], [5, 7, 6]);
  });

  it('the ceiling is the lowest of the declared one, the pool and the autoscaler, whose floor may not pass its maximum', () => {
    const cloud = {
      ...world.cloud,
      value: { ...actRig().cloud, pools: [poolOf({ maxNodes: 7 })] },
      observedAtMs: nowMs,
    };
    assert.equal(planned().growth?.ceiling, 10);
    assert.equal(planned({ cloud }).growth?.ceiling, 7);
    assert.equal(planned({ cloud, cluster: seen(withAutoscaler(4, 2, 6)) }).growth?.ceiling, 6);
  });

  it('says no target without the Deployment, and takes an empty fleet for a reading fault', () => {
    assert.equal(blocked({ cluster: seen(clusterOf(4, { deployments: [] })) }), 'no-target');
    assert.equal(blocked({ fleet: seen(fleetOf(0)) }), 'no-target');
  });

  it('waits for pods that are still starting, if they are as many as it would add', () => {
    assert.equal(blocked({ cluster: seen(starting(1, 60_000)) }), 'already-acting');
    assert.equal(blocked({ cluster: seen(starting(1, 60_000)) }, 2), undefined);
  });

  it('does not wait for one that should have started ten minutes ago', () => {
    assert.equal(blocked({ cluster: seen(starting(1, 599_999)) }), 'already-acting');
    assert.equal(blocked({ cluster: seen(starting(1, 600_000)) }), undefined);
  });

  it('holds when a part of the world was never seen', () => {
    for (const part of ['cluster', 'fleet', 'cloud'] as const) {
      const { [part]: _gone, ...rest } = world;
      const plan = scaleSfu.preflight({ step: 1 }, rest, scene);
      assert.deepEqual(plan, { blocked: 'stale-data', saw: `no reading of ${part}` });
    }
  });

  it('whatever stands, it asks for exactly what is wanted now plus the step, and never touches anybody', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 10 }),
        (replicas, floor, step) => {
          const plan = planned({ cluster: seen(withAutoscaler(replicas, floor)) }, step);
          assert.equal(plan.growth?.after, Math.max(replicas, floor) + step);
          assert.equal(plan.costPerHour, usd(step));
          assert.equal(plan.touches.participants + plan.touches.pods, 0);
        },
      ),
    );
  });
});

describe('doing it', () => {
  it('a second run after a lost answer has no second effect', async () => {
    for (const cluster of [clusterOf(4), withAutoscaler(4, 2)]) {
      const rig = actRig({ cluster });
      const run = runOf(planned({ cluster: seen(cluster) }));
      assert.equal(await scaleSfu.applied(run, rig.ports), false);
      rig.loseAnswer();
      await assert.rejects(scaleSfu.run(run, occasion, rig.ports), PortError);
      assert.equal(await scaleSfu.applied(run, rig.ports), true);
      assert.equal(await scaleSfu.run(run, occasion, rig.ports), undefined);
      assert.equal(rig.effects.length, 1);
    }
  });

  it('raises the floor, not the replicas, of what an autoscaler owns', async () => {
    const cluster = withAutoscaler(4, 2);
    const rig = actRig({ cluster });
    await scaleSfu.run(runOf(planned({ cluster: seen(cluster) })), occasion, rig.ports);
    assert.deepEqual(rig.effects, ['setFloor livekit-sfu 5']);
  });

  it('never lowers: where somebody else raised it further, nothing is written', async () => {
    for (const cluster of [clusterOf(8), withAutoscaler(8, 8)]) {
      const run = runOf(planned(cluster.deployments[0]?.autoscaler ? { cluster: seen(withAutoscaler(4, 2)) } : {}));
      const rig = actRig({ cluster });
      assert.equal(await scaleSfu.run(run, occasion, rig.ports), undefined);
      assert.deepEqual(rig.effects, []);
    }
  });

  it('a conflict surfaces as one that may be tried again', async () => {
    const rig = actRig();
    rig.refuse('scale', 'conflict');
    await assert.rejects(
      scaleSfu.run(runOf(planned()), occasion, rig.ports),
      (error) => error instanceof PortError && error.code === 'conflict' && error.retryable,
    );
    assert.deepEqual(rig.effects, []);
  });

  it('a Deployment that is gone is an error that no retry helps; an autoscaler that is gone is refused', async () => {
    const gone = actRig({ cluster: clusterOf(0, { deployments: [] }) });
    await assert.rejects(
      scaleSfu.run(runOf(planned()), occasion, gone.ports),
      (error) => error instanceof PortError && !error.retryable,
    );
    const bare = actRig();
    const answer = await scaleSfu.run(runOf(planned({ cluster: seen(withAutoscaler(4, 2)) })), occasion, bare.ports);
    assert.equal(answer?.blocked, 'no-target');
    assert.deepEqual([...gone.effects, ...bare.effects], []);
  });
});

describe('whether it helped', () => {
  const verdict = (nodes: ReturnType<typeof sfuOf>[], joinSuccessRatio?: number) =>
    scaleSfu.verify(
      runOf(planned()),
      { ...world, fleet: seen(fleetOf(0, { nodes })) },
      {
        actedAtMs: nowMs - 1_000,
        nowMs,
        signals: { joinSuccessRatio },
      },
    );
  const old = [0, 1, 2, 3].map((serial) => sfuOf(serial));

  it('is pending while nothing new serves: old nodes, and a new one that starts or drains, do not count', () => {
    assert.equal(verdict(old).verdict, 'pending');
    assert.equal(verdict([...old, sfuOf(4, { state: 'starting' })]).verdict, 'pending');
    assert.equal(verdict([...old, sfuOf(4, { state: 'draining' })]).verdict, 'pending');
  });

  it('is pending while the new node has no free slot', () => {
    assert.equal(verdict([...old, sfuOf(4, { freeSlots: 0 })]).verdict, 'pending');
    assert.equal(verdict([...old, sfuOf(4, { freeSlots: 1 })]).verdict, 'verified');
  });

  it('is pending while joins fail, and verified from 95 % on', () => {
    assert.equal(verdict([...old, sfuOf(4)], 0.9499).verdict, 'pending');
    assert.equal(verdict([...old, sfuOf(4)], 0.95).verdict, 'verified');
  });

  it('says so when there were no joins to judge by', () => {
    const { verdict: word, saw } = verdict([...old, sfuOf(4)]);
    assert.equal(word, 'verified');
    assert.match(saw, /no joins to judge by/);
  });

  it('of two nodes wanted, one is not enough', () => {
    const run = runOf(planned({}, 2));
    const at = (count: number) =>
      scaleSfu.verify(run, { ...world, fleet: seen(fleetOf(4 + count)) }, { actedAtMs: nowMs, nowMs, signals: {} });
    assert.deepEqual([at(1).verdict, at(2).verdict], ['pending', 'verified']);
  });

  it('never claims anything without a reading', () => {
    assert.equal(scaleSfu.verify(runOf(planned()), {}, { actedAtMs: nowMs, nowMs, signals: {} }).verdict, 'pending');
  });
});
