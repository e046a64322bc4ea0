import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { participantsOn } from '../../../lab/simulator/processes.ts';
import { createSimulator } from '../../../lab/simulator/simulator.ts';
import type { SimState } from '../../../lab/simulator/state.ts';
import { step } from '../../../lab/simulator/step.ts';
import { stillSimulator } from './world.ts';

type World = ReturnType<typeof stillSimulator>;

/** Something that happens to the platform; lengths and sizes are small enough to reach every corner in a few steps. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('meet' as const), people: fc.integer({ min: 1, max: 500 }) }),
  fc.record({ kind: fc.constant('resize' as const), which: fc.nat(), people: fc.integer({ min: 0, max: 500 }) }),
  fc.record({ kind: fc.constant('scale' as const), replicas: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 120 }) }),
);
const disaster = fc.oneof(
  happening,
  fc.record({ kind: fc.constant('lose-node' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('term' as const), which: fc.nat() }),
);
type Happening = typeof disaster extends fc.Arbitrary<infer T> ? T : never;

function pick<T>(list: readonly T[], which: number): T | undefined {
  return list[which % Math.max(list.length, 1)];
}

async function apply(world: World, event: Happening, index: number): Promise<void> {
  const state = world.view();
  switch (event.kind) {
    case 'meet':
      return world.control.startMeeting({ name: `meeting-${index}`, participants: event.people });
    case 'resize': {
      const meeting = pick(state.meetings, event.which);
      return meeting && world.control.setGoal(meeting.name, event.people);
    }
    case 'scale': {
      const deployment = await world.cluster.deployment('livekit-sfu');
      return (
        deployment &&
        world.cluster.scale({
          deployment: deployment.name,
          replicas: event.replicas,
          resourceVersion: deployment.resourceVersion,
          runId: `run-${index}`,
        })
      );
    }
    case 'pass':
      return world.pass(event.seconds);
    case 'lose-node': {
      const node = pick(
        state.nodes.filter((candidate) => candidate.lostAtSeconds === undefined),
        event.which,
      );
      return node && world.control.loseNode(node.name);
    }
    case 'term': {
      const sfu = pick(
        state.sfus.filter((candidate) => candidate.alive),
        event.which,
      );
      return sfu && world.control.term(sfu.pod);
    }
  }
}

function accounted({ people, meetings }: SimState): number {
  const inside = meetings.reduce((sum, meeting) => sum + meeting.participants + meeting.reconnecting, 0);
  return inside + people.left + people.cut + people.gaveUp;
}

async function play(
  events: readonly Happening[],
  seed: number,
  check: (before: SimState, after: SimState) => void,
): Promise<void> {
  const world = stillSimulator({ seed });
  for (const [index, event] of events.entries()) {
    const before = structuredClone(world.view());
    await apply(world, event, index);
    world.pass(2);
    check(before, world.view());
  }
}

const runs = { numRuns: 60 };

describe('the simulated platform, whatever happens to it', () => {
  it('keeps account of every person', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(disaster, { maxLength: 25 }), fc.nat(), (events, seed) =>
        play(events, seed, (_before, after) => assert.equal(accounted(after), after.people.joined)),
      ),
      runs,
    );
  });

  it('never moves a room from a node that lives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(disaster, { maxLength: 25 }), fc.nat(), async (events, seed) => {
        const home = new Map<string, string | undefined>();
        await play(events, seed, (_before, after) => {
          const lives = (nodeId: string | undefined) => after.sfus.some((sfu) => sfu.nodeId === nodeId && sfu.alive);
          for (const { sid, nodeId } of after.meetings) {
            if (sid === undefined) continue;
            const was = home.get(sid);
            assert.ok(was === undefined || was === nodeId || !lives(was), `room ${sid} moved from a node that lives`);
            home.set(sid, nodeId);
          }
        });
      }),
      runs,
    );
  });

  it('never puts two SFUs on one node, draining ones included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(disaster, { maxLength: 25 }), fc.nat(), (events, seed) =>
        play(events, seed, (_before, after) => {
          const taken = after.pods.flatMap((pod) =>
            pod.workload === 'livekit-sfu' && pod.node !== undefined ? [pod.node] : [],
          );
          assert.equal(new Set(taken).size, taken.length);
        }),
      ),
      runs,
    );
  });

  it('cuts nobody off as long as nodes are only drained', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 30 }), fc.nat(), (events, seed) =>
        play(events, seed, (_before, after) => assert.deepEqual([after.people.cut, after.people.gaveUp], [0, 0])),
      ),
      runs,
    );
  });

  it('is the same again for the same seed', async () => {
    const run = () => {
      const world = stillSimulator({ seed: 7 });
      world.control.startMeeting({ name: 'a', participants: 300 });
      world.pass(100);
      return world.view();
    };

    assert.deepEqual(run(), run());
  });
});

describe('LiveKit in the simulated platform', () => {
  function meetingOnFirst(people: number) {
    const world = stillSimulator();
    const sfu = world.view().sfus[0];
    assert.ok(sfu);
    world.control.startMeeting({ name: 'standup', participants: people, on: sfu.pod });
    world.pass(90);
    return { world, sfu, meeting: () => world.view().meetings.find((meeting) => meeting.name === 'standup') };
  }
  async function scaleTo(world: World, replicas: number, victim: string) {
    await world.cluster.setDeletionCost({ pod: victim, cost: -1_000, runId: 'r' });
    const deployment = await world.cluster.deployment('livekit-sfu');
    assert.ok(deployment);
    await world.cluster.scale({
      deployment: 'livekit-sfu',
      replicas,
      resourceVersion: deployment.resourceVersion,
      runId: 'r',
    });
  }

  it('lets people join a meeting whose node drains, and puts new meetings elsewhere', async () => {
    const { world, sfu, meeting } = meetingOnFirst(40);
    await scaleTo(world, 2, sfu.pod);
    world.pass(5);

    world.control.setGoal('standup', 60);
    world.control.startMeeting({ name: 'another', participants: 5 });
    world.pass(60);

    assert.equal(meeting()?.nodeId, sfu.nodeId);
    assert.ok((meeting()?.participants ?? 0) > 55);
    assert.notEqual(world.view().meetings.find(({ name }) => name === 'another')?.nodeId, sfu.nodeId);
    const draining = (await world.fleet.read()).nodes.find(({ nodeId }) => nodeId === sfu.nodeId);
    assert.equal(draining?.state, 'draining');
  });

  it('ends a draining node within five seconds after the last one left, and not before', async () => {
    const { world, sfu } = meetingOnFirst(10);
    await scaleTo(world, 2, sfu.pod);
    world.pass(3_600);
    assert.ok(
      world.view().pods.some(({ name }) => name === sfu.pod),
      'it went while people were on it',
    );

    world.control.setGoal('standup', 0);
    let emptyAt: number | undefined;
    for (let i = 0; i < 60 && world.view().pods.some(({ name }) => name === sfu.pod); i += 1) {
      world.pass(0.5);
      if (participantsOn(world.view(), sfu.nodeId) === 0) emptyAt ??= world.view().seconds;
    }

    assert.ok(
      emptyAt !== undefined && world.view().seconds - emptyAt <= 6,
      `gone after ${world.view().seconds - (emptyAt ?? 0)} s`,
    );
    assert.equal(world.view().people.cut, 0);
  });

  it('cuts everyone off at a second SIGTERM', async () => {
    const { world, sfu } = meetingOnFirst(50);
    const people = participantsOn(world.view(), sfu.nodeId);
    world.control.term(sfu.pod);
    world.pass(10);
    assert.equal(world.view().people.cut, 0);

    world.control.term(sfu.pod);
    world.pass(1);

    assert.ok(Math.abs(world.view().people.cut - people) <= 3);
  });

  it('shows a vanished node as lost after five seconds and puts its rooms elsewhere, the same by sid', async () => {
    const { world, sfu, meeting } = meetingOnFirst(100);
    const before = structuredClone(meeting());
    world.control.loseNode(sfu.node);
    world.pass(3);
    assert.equal(meeting()?.participants, 0);
    assert.equal(meeting()?.nodeId, sfu.nodeId, 'the room is bound to the node while its stats look fresh');

    world.pass(15);

    const lost = (await world.fleet.read()).nodes.find(({ nodeId }) => nodeId === sfu.nodeId);
    assert.equal(lost?.state, 'lost');
    assert.notEqual(meeting()?.nodeId, sfu.nodeId);
    assert.equal(meeting()?.sid, before?.sid);
    assert.ok((meeting()?.participants ?? 0) >= 95);
  });

  it('says that a vanished pod is ready until the control plane notices', async () => {
    const { world, sfu } = meetingOnFirst(1);
    world.control.loseNode(sfu.node);
    world.pass(20);
    const pod = async () => (await world.cluster.read()).pods.find(({ name }) => name === sfu.pod);
    assert.equal((await pod())?.ready, true);

    world.pass(40);

    assert.equal((await pod())?.ready, false);
  });

  it('counts people on a node by where their media is, while livekit_participant_total counts some twice', async () => {
    const { exposeSfu } = await import('../../../lab/simulator/expose-sfu.ts');
    const { world } = meetingOnFirst(90);
    const { nodes } = await world.fleet.read();
    const state = world.view();

    const gauges = state.sfus.map((sfu) =>
      Number(/^livekit_participant_total\{[^}]*\} (\d+)/m.exec(exposeSfu(state, sfu, world.time))?.[1]),
    );

    const exact = state.meetings.reduce((sum, { participants }) => sum + participants, 0);
    assert.equal(
      nodes.reduce((sum, { participants }) => sum + participants, 0),
      exact,
    );
    assert.ok(gauges.reduce((sum, value) => sum + value, 0) > exact * 1.3);
  });
});

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
