import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { participantsOn } from '../../../lab/simulator/processes.ts';
import { stillSimulator } from './world.ts';

describe('LiveKit in the simulated platform', () => {
  function meetingOnFirst(people: number) {
    const world = stillSimulator();
    const sfu = world.view().sfus[0];
    assert.ok(sfu);
    world.control.startMeeting({ name: 'standup', participants: people, on: sfu.pod });
    world.pass(90);
    return { world, sfu, meeting: () => world.view().meetings.find((meeting) => meeting.name === 'standup') };
  }
  async function scaleTo(world: ReturnType<typeof stillSimulator>, replicas: number, victim: string) {
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
