import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PortError } from '../../../kernel/errors.ts';
import type { Preflight, Scene, World } from '../../../responders/act/define.ts';
import { drainSfu } from '../../../responders/act/drain-sfu.ts';
import type { ClusterState, Fleet, SfuNode } from '../../../responders/ports.ts';
import { actRig, autoscalerOf } from '../../support/act-ports.ts';
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

const { scene } = situationOf('drainSfu');
const busy = (serial: number, more: Partial<SfuNode> = {}) =>
  sfuOf(serial, { rooms: 2, participants: 30, emptyReadings: 0, ...more });
/** Four nodes of which number 2 alone is empty. */
const oneEmpty = fleetOf(4, { nodes: [busy(0), busy(1, { participants: 7 }), sfuOf(2), busy(3)] });
const worldOf = (cluster: ClusterState, fleet: Fleet): World => ({
  cluster: { value: cluster, observedAtMs: nowMs },
  fleet: { value: fleet, observedAtMs: nowMs },
});
const ask = (fleet: Fleet = oneEmpty, cluster: ClusterState = clusterOf(4), at: Partial<Scene> = {}) =>
  drainSfu.preflight({}, worldOf(cluster, fleet), { ...scene, ...at });
const word = (...args: Parameters<typeof ask>) => {
  const plan = ask(...args);
  return 'blocked' in plan ? plan.blocked : 'goes';
};
const planned = (...args: Parameters<typeof ask>): Preflight => {
  const plan = ask(...args);
  if ('blocked' in plan) assert.fail(`${plan.blocked}: ${plan.saw}`);
  return plan;
};
const owned = (minReplicas: number, desiredReplicas: number | undefined) =>
  clusterOf(4, {
    deployments: [deploymentOf('livekit-sfu', 4, { autoscaler: autoscalerOf(minReplicas, { desiredReplicas }) })],
  });
const runOf = (plan: Preflight = planned()) =>
  pastRun({ id: 'run-1', action: 'drainSfu', target: plan.target, change: plan.change, state: 'intended' });
const costs = ['cost livekit-sfu-2 -1000', 'cost livekit-sfu-0 31', 'cost livekit-sfu-1 8', 'cost livekit-sfu-3 31'];

describe('what it would do', () => {
  it('takes the empty one, and marks the others by who is on them', () => {
    assert.deepEqual(planned(), {
      target: 'drain/livekit-sfu',
      change: {
        deployment: 'livekit-sfu',
        victim: { nodeId: 'ND_2', pod: 'livekit-sfu-2' },
        others: [
          { pod: 'livekit-sfu-0', cost: 31 },
          { pod: 'livekit-sfu-1', cost: 8 },
          { pod: 'livekit-sfu-3', cost: 31 },
        ],
        from: 4,
        to: 3,
      },
      says: 'livekit-sfu 4 → 3 nodes: livekit-sfu-2 goes, it is empty',
      touches: { pods: 1, rooms: 0, participants: 0, fleetShareRatio: 0.25 },
      costPerHour: 0,
    });
  });

  it('goes no lower than the declared floor or what an earlier act still wants', () => {
    assert.equal(word(fleetOf(2), clusterOf(2)), 'nothing-to-do');
    assert.equal(word(oneEmpty, clusterOf(4), { holds: new Map([['deployment/livekit-sfu', 4]]) }), 'nothing-to-do');
    assert.equal(word(oneEmpty, clusterOf(4), { holds: new Map([['deployment/livekit-sfu', 3]]) }), 'goes');
    assert.equal(word(oneEmpty, clusterOf(4), { holds: new Map([['deployment/chat-service', 9]]) }), 'goes');
  });

  it('asks the autoscaler, and holds when that cannot say', () => {
    assert.equal(word(oneEmpty, owned(2, 4)), 'nothing-to-do');
    assert.equal(word(oneEmpty, owned(2, undefined)), 'stale-data');
    assert.equal(word(oneEmpty, owned(2, 3)), 'goes');
  });

  it('holds while an alert of the SFUs fires, not while another one does', () => {
    assert.equal(word(oneEmpty, clusterOf(4), { firing: new Set(['SfuHeadroomLow']) }), 'nothing-to-do');
    assert.equal(word(oneEmpty, clusterOf(4), { firing: new Set(['ServiceCrashLooping']) }), 'goes');
  });

  it('one at a time: not while a pod is going or a node drains', () => {
    const going = clusterOf(4, { pods: [podOf('livekit-sfu', 0, { deletedAtMs: nowMs })] });
    assert.equal(word(oneEmpty, going), 'nothing-to-do');
    assert.equal(word({ ...oneEmpty, nodes: [...oneEmpty.nodes, sfuOf(9, { state: 'draining' })] }), 'nothing-to-do');
  });

  it('not while a pod is not ready: the ReplicaSet would take that one first, meetings and all', () => {
    const unready = { pods: [0, 1, 2, 3].map((serial) => podOf('livekit-sfu', serial, { ready: serial !== 0 })) };
    assert.equal(word(oneEmpty, clusterOf(4, unready)), 'nothing-to-do');
    const counted = { deployments: [deploymentOf('livekit-sfu', 4, { readyReplicas: 3 })] };
    assert.equal(word(oneEmpty, clusterOf(4, counted)), 'nothing-to-do');
  });

  it('not while a canary of the SFU is tried: its empty node is no node of this Deployment', () => {
    const deployments = [...clusterOf(4).deployments, deploymentOf('livekit-sfu-canary', 1)];
    assert.equal(word(oneEmpty, clusterOf(4, { deployments })), 'nothing-to-do');
  });

  it('never on one source alone', () => {
    for (const sources of [[], ['redis'], ['roomService'], ['redis', 'prometheus']] as const)
      assert.equal(word({ ...oneEmpty, sources }), 'stale-data');
  });

  it('counts a node as empty only after three readings, and only if its pod is known', () => {
    const with2 = (more: Partial<SfuNode>) => ({ ...oneEmpty, nodes: [busy(0), busy(1), sfuOf(2, more), busy(3)] });
    assert.equal(word(with2({ emptyReadings: 2 })), 'meeting-in-progress');
    assert.equal(word(with2({ emptyReadings: 3 })), 'goes');
    assert.equal(word(with2({ pod: undefined })), 'meeting-in-progress');
    assert.equal(word(with2({ participants: 1 })), 'meeting-in-progress');
  });

  it('leaves two free slots of the largest meeting and at most half the load on those that stay', () => {
    const rest = (more: Partial<SfuNode>) => ({ ...oneEmpty, nodes: [busy(0, more), busy(1, more), sfuOf(2)] });
    assert.equal(word(rest({ freeSlots: 1 })), 'goes');
    assert.equal(word({ ...oneEmpty, nodes: [busy(0), busy(1, { freeSlots: 0 }), sfuOf(2)] }), 'nothing-to-do');
    assert.equal(word(rest({ cpuLoadRatio: 0.5 })), 'goes');
    assert.equal(word(rest({ cpuLoadRatio: 0.51 })), 'nothing-to-do');
  });

  it('never takes the last one that serves, and finds no target without a Deployment', () => {
    const alone = { ...oneEmpty, nodes: [sfuOf(0), sfuOf(1, { state: 'lost' })] };
    assert.equal(word(alone), 'no-target');
    assert.equal(word(oneEmpty, clusterOf(4, { deployments: [] })), 'no-target');
  });

  it('whatever the fleet: never a node with a room or a person, never the last that serves, never on one source', () => {
    const node = fc.record({
      state: fc.constantFrom('starting', 'serving', 'serving', 'serving', 'draining', 'lost'),
      rooms: fc.constantFrom(0, 0, 1),
      participants: fc.constantFrom(0, 0, 5),
      freeSlots: fc.integer({ min: 0, max: 3 }),
      emptyReadings: fc.integer({ min: 0, max: 6 }),
      cpuLoadRatio: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    let gone = 0;
    fc.assert(
      fc.property(
        fc.array(node, { maxLength: 7 }),
        fc.subarray(['redis', 'roomService', 'prometheus'] as const),
        fc.integer({ min: 0, max: 8 }),
        (parts, sources, replicas) => {
          const nodes = parts.map((part, serial) => sfuOf(serial, part as Partial<SfuNode>));
          const plan = ask(fleetOf(0, { nodes, sources }), clusterOf(replicas));
          if ('blocked' in plan) return;
          gone += 1;
          const victim = nodes.find(({ pod }) => plan.says.includes(`${pod} goes`));
          assert.ok(victim?.state === 'serving' && victim.rooms === 0 && victim.participants === 0);
          assert.ok(victim.emptyReadings >= 3);
          assert.ok(nodes.some((other) => other !== victim && other.state === 'serving'));
          assert.ok(sources.includes('redis') && sources.includes('roomService'));
          assert.ok(replicas - 1 >= scene.declared.sfu.floor);
          assert.equal(plan.touches.participants, 0);
        },
      ),
      { numRuns: 2_000, seed: 7 },
    );
    assert.ok(gone > 5, `only ${gone} of the fleets let one go`);
  });
});

describe('doing it', () => {
  it('marks first, lowers the floor second, and takes one replica off last', async () => {
    const rig = actRig({ cluster: owned(4, 3), fleet: oneEmpty });
    assert.equal(await drainSfu.run(runOf(), scene.occasion, rig.ports), undefined);
    assert.deepEqual(rig.effects, [...costs, 'setFloor livekit-sfu 3', 'scale livekit-sfu 3']);
  });

  it('leaves a floor alone that already allows it', async () => {
    const rig = actRig({ cluster: owned(3, 3), fleet: oneEmpty });
    await drainSfu.run(runOf(), scene.occasion, rig.ports);
    assert.deepEqual(rig.effects, [...costs, 'scale livekit-sfu 3']);
  });

  it('the last look refuses when a room came, a source fell silent, or anything else is not as it was', async () => {
    const cases: readonly [Partial<{ fleet: Fleet; cluster: ClusterState }>, string][] = [
      [{ fleet: fleetOf(4, { nodes: [sfuOf(2, { rooms: 1 })] }) }, 'meeting-in-progress'],
      [{ fleet: fleetOf(4, { nodes: [sfuOf(2, { participants: 1 })] }) }, 'meeting-in-progress'],
      [{ fleet: { ...oneEmpty, sources: ['redis'] } }, 'stale-data'],
      [{ fleet: fleetOf(2) }, 'no-target'],
      [{ cluster: clusterOf(5) }, 'no-target'],
      [{ cluster: clusterOf(0, { deployments: [] }) }, 'no-target'],
      [
        { cluster: clusterOf(4, { deployments: [deploymentOf('livekit-sfu', 4, { readyReplicas: 3 })] }) },
        'nothing-to-do',
      ],
    ];
    for (const [change, reason] of cases) {
      const rig = actRig({ fleet: oneEmpty, ...change });
      assert.equal((await drainSfu.run(runOf(), scene.occasion, rig.ports))?.blocked, reason);
      assert.deepEqual(rig.effects, [], reason);
    }
  });

  it('a second run after a lost answer takes no second one', async () => {
    const rig = actRig({ fleet: oneEmpty });
    const run = runOf();
    rig.refuse('scale', 'conflict');
    await assert.rejects(
      drainSfu.run(run, scene.occasion, rig.ports),
      (error) => error instanceof PortError && error.retryable,
    );
    assert.equal(await drainSfu.applied(run, rig.ports), false);
    const { scale } = rig.ports.cluster;
    rig.ports.cluster.scale = async (change) => {
      rig.loseAnswer();
      await scale(change);
    };
    await assert.rejects(drainSfu.run(run, scene.occasion, rig.ports), PortError);
    assert.equal(await drainSfu.applied(run, rig.ports), true);
    assert.equal(await drainSfu.run(run, scene.occasion, rig.ports), undefined);
    assert.equal(rig.effects.filter((effect) => effect.startsWith('scale')).length, 1);
  });
});

describe('whether it helped, and what stays behind', () => {
  const verdict = (pods: ClusterState['pods']) =>
    drainSfu.verify(runOf(), worldOf(clusterOf(3, { pods }), oneEmpty), { actedAtMs: nowMs, nowMs, signals: {} });
  const pods = [0, 1, 2, 3].map((serial) => podOf('livekit-sfu', serial));
  const going = (serial: number) => pods.map((pod, at) => (at === serial ? { ...pod, deletedAtMs: nowMs } : pod));

  it('is pending until the victim is gone', () => {
    assert.equal(verdict(pods).verdict, 'pending');
    assert.equal(verdict(going(2)).verdict, 'pending');
    assert.equal(verdict(pods.filter(({ name }) => name !== 'livekit-sfu-2')).verdict, 'verified');
  });

  it('a reading without any SFU pod proves nothing', () => {
    assert.equal(verdict([]).verdict, 'pending');
  });

  it('did not improve when another one was taken', () => {
    assert.equal(verdict(going(0)).verdict, 'not-improved');
  });

  it('a wrong victim is made good: floor and size as they were, and every mark taken off', async () => {
    const rig = actRig({ cluster: owned(4, 3), fleet: oneEmpty });
    await drainSfu.run(runOf(), scene.occasion, rig.ports);
    const before = rig.effects.length;
    await drainSfu.settle(runOf(), 'not-improved', rig.ports);
    assert.deepEqual(rig.effects.slice(before, before + 2), ['setFloor livekit-sfu 4', 'scale livekit-sfu 4']);
    assert.ok(rig.cluster.pods.every(({ deletionCost }) => deletionCost === undefined));
    const after = rig.effects.length;
    await drainSfu.settle(runOf(), 'not-improved', rig.ports);
    assert.equal(rig.effects.length, after);
  });

  it('does not restore what somebody else changed since', async () => {
    const rig = actRig({
      cluster: clusterOf(3, { deployments: [deploymentOf('livekit-sfu', 3, { runId: 'other' })] }),
    });
    await drainSfu.settle(runOf(), 'not-improved', rig.ports);
    assert.deepEqual(rig.effects, []);
  });

  it('one that got half way leaves no mark either, the victim with none least of all', async () => {
    const rig = actRig({ fleet: oneEmpty });
    rig.refuse('scale', 'conflict');
    await assert.rejects(drainSfu.run(runOf(), scene.occasion, rig.ports));
    await drainSfu.settle(runOf(), 'unknown', rig.ports);
    assert.ok(rig.cluster.pods.every(({ deletionCost }) => deletionCost === undefined));
    assert.equal(rig.effects.filter((effect) => effect.startsWith('scale')).length, 0);
  });

  it('one that was killed between floor and size, and is not gone on with, puts the floor back', async () => {
    const rig = actRig({ cluster: owned(4, 3), fleet: oneEmpty });
    rig.refuse('scale', 'conflict');
    await assert.rejects(drainSfu.run(runOf(), scene.occasion, rig.ports));
    assert.equal(rig.cluster.deployments[0]?.autoscaler?.minReplicas, 3);
    await drainSfu.settle(runOf(), 'unknown', rig.ports);
    assert.deepEqual(
      rig.cluster.deployments.map(({ replicas, autoscaler }) => [replicas, autoscaler?.minReplicas]),
      owned(4, 3).deployments.map(({ replicas, autoscaler }) => [replicas, autoscaler?.minReplicas]),
    );
  });

  it('one that never began is cleaned up without a single write', async () => {
    const rig = actRig();
    await drainSfu.settle(runOf(), 'unknown', rig.ports);
    assert.deepEqual(rig.effects, []);
  });
});
