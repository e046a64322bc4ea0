import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSimulator } from '../../../lab/simulator/simulator.ts';
import { step } from '../../../lab/simulator/step.ts';
import { stillSimulator } from './world.ts';

describe('Kubernetes in the simulated platform', () => {
  it('boots a node for an SFU that finds none, and the SFU serves after node and image are there', async () => {
    const world = stillSimulator();
    const deployment = await world.cluster.deployment('livekit-sfu');
    assert.ok(deployment);
    await world.cluster.scale({
      deployment: 'livekit-sfu',
      replicas: 4,
      resourceVersion: deployment.resourceVersion,
      runId: 'r',
    });
    world.pass(60);
    assert.match(
      (await world.cluster.read()).pods.find(({ node }) => node === undefined)?.unschedulable ?? '',
      /^0\/3 nodes are available/,
    );

    world.pass(200);

    const { nodes } = await world.fleet.read();
    assert.deepEqual(
      nodes.map(({ state }) => state),
      ['serving', 'serving', 'serving', 'serving'],
    );
    assert.equal((await world.cloud.read()).pools[0]?.count, 4);
  });

  it('does not boot a node above the maximum of the pool', async () => {
    const world = stillSimulator();
    world.control.setPool('sfu', { maxNodes: 3 });
    const deployment = await world.cluster.deployment('livekit-sfu');
    assert.ok(deployment);
    await world.cluster.scale({
      deployment: 'livekit-sfu',
      replicas: 5,
      resourceVersion: deployment.resourceVersion,
      runId: 'r',
    });

    world.pass(600);

    assert.equal(world.view().nodes.length, 3);
  });

  it('deletes the pod with the lowest deletion cost', async () => {
    const world = stillSimulator();
    const victim = world.view().sfus[1];
    const deployment = await world.cluster.deployment('livekit-sfu');
    assert.ok(victim && deployment);
    await world.cluster.setDeletionCost({ pod: victim.pod, cost: -1_000, runId: 'r' });
    await world.cluster.scale({
      deployment: 'livekit-sfu',
      replicas: 2,
      resourceVersion: deployment.resourceVersion,
      runId: 'r',
    });
    world.pass(2);

    const deleted = (await world.cluster.read()).pods.filter(({ deletedAtMs }) => deletedAtMs !== undefined);

    assert.deepEqual(
      deleted.map(({ name }) => name),
      [victim.pod],
    );
  });

  it('cures a crash loop by a restart where a restart helps, and not where it does not', async () => {
    for (const curedByRestart of [true, false]) {
      const world = stillSimulator();
      world.control.crash('meeting-service', { curedByRestart });
      world.pass(60);
      const sick = (await world.cluster.read()).pods.filter(
        ({ workload, waitingReason }) => workload === 'meeting-service' && waitingReason === 'CrashLoopBackOff',
      );
      assert.equal(sick.length, 2);
      const deployment = await world.cluster.deployment('meeting-service');
      assert.ok(deployment);

      await world.cluster.restart({
        deployment: 'meeting-service',
        restartedAt: '2026-01-01T00:00:00Z',
        resourceVersion: deployment.resourceVersion,
        runId: 'r',
      });
      world.pass(120);

      assert.equal((await world.cluster.deployment('meeting-service'))?.readyReplicas === 2, curedByRestart);
    }
  });

  it('keeps every replica of a service ready through a rollout', async () => {
    const world = stillSimulator();
    const deployment = await world.cluster.deployment('auth-service');
    assert.ok(deployment);
    await world.cluster.restart({
      deployment: 'auth-service',
      restartedAt: '2026-01-01T00:00:00Z',
      resourceVersion: deployment.resourceVersion,
      runId: 'r',
    });

    for (let i = 0; i < 120; i += 1) {
      world.pass(1);
      assert.ok(((await world.cluster.deployment('auth-service'))?.readyReplicas ?? 0) >= 2);
    }

    assert.equal((await world.cluster.deployment('auth-service'))?.updatedReplicas, 2);
  });

  it('does not lose a change that is made while time passes', async () => {
    // Every look at the clock moves it: whoever holds a part of the platform must still hold it after the next look.
    let nowMs = 1_800_000_000_000;
    const simulator = createSimulator({ factor: 1, clock: { now: () => (nowMs += 40), sleep: async () => {} } });
    const deployment = await simulator.cluster.deployment('auth-service');
    assert.ok(deployment);

    await simulator.cluster.restart({
      deployment: 'auth-service',
      restartedAt: '2026-01-01T00:00:00Z',
      resourceVersion: deployment.resourceVersion,
      runId: 'r',
    });
    simulator.control.crash('meeting-service', { curedByRestart: true });
    simulator.control.startMeeting({ name: 'standup', participants: 5 });

    assert.equal(simulator.view().meetings.length, 1);
    assert.equal((await simulator.cluster.deployment('auth-service'))?.restartedAt, '2026-01-01T00:00:00Z');
    assert.ok(simulator.view().deployments.find(({ name }) => name === 'meeting-service')?.crash);
  });

  it('changes nothing of a state that it is only asked to step', () => {
    const state = stillSimulator().view();
    const copy = structuredClone(state);

    step(state, 100, () => 0.5);

    assert.deepEqual(state, copy);
  });

  it('tells nothing while the peer is away', async () => {
    const world = stillSimulator();
    world.control.setAway('kubernetes', true);

    await assert.rejects(world.cluster.read(), { code: 'unreachable' });
    assert.equal((await world.fleet.read()).nodes.length, 3);
  });
});
