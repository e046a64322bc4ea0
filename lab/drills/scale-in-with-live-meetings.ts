import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import type { Drill } from './define.ts';
import { checkNobodyCut, populate, untilRun } from './stage.ts';

/** Fewer nodes are needed than run: an empty one goes, one with a meeting never. */
export const scaleInWithLiveMeetings: Drill = {
  name: 'scale-in-with-live-meetings',
  title: 'an empty node is taken out, one that holds a meeting never',
  alertname: undefined,
  // Without meetings from the start the first empty node would go before the drill begins, and rightly.
  setting: { sfuReplicas: 5, sfuFloor: 3, participantsEach: 40 },
  async play(stage) {
    const { control, peers } = stage.platform;
    await populate(stage, 40);
    stage.say('Five nodes, each with a meeting; three would do. Nothing may happen while every node holds one.');
    await stage.wait(400);
    stage.check(
      'no node is touched while each holds a meeting',
      (await peers.stoppedSfus()).length === 0,
      `${(await peers.stoppedSfus()).length} stopped`,
    );
    const meetings = await peers.meetings();
    const ending = meetings[2];
    await control.resizeMeeting(ending?.name ?? '', 0);
    stage.cause(`${ending?.name} ends, and leaves ${ending?.pod} empty.`);

    await untilRun(stage, 'a node is taken out', 1_200, { action: 'drainSfu', state: 'verified' });

    const stopped = await peers.stoppedSfus();
    stage.check(
      'it was the empty one, and the only one',
      stopped.length === 1 && stopped[0]?.pod === ending?.pod,
      stopped.map(({ pod }) => pod).join(', '),
    );
    stage.check(
      'nobody was on it',
      stopped.every(({ participants }) => participants === 0),
      stopped.map(({ participants }) => participants).join(', '),
    );
    const { replicas } = await peers.workload(sfuWorkload.name);
    stage.check('the Deployment asks for one less', replicas === 4, `${replicas} replicas`);
    const [cost] = await stage.writes('setDeletionCost', ending?.pod);
    const [scaled] = await stage.writes('scale', sfuWorkload.name);
    stage.check(
      'it was marked before the number went down',
      cost !== undefined && scaled !== undefined && cost.atMs <= scaled.atMs && Number(cost.value) < 0,
      `cost ${cost?.value}`,
    );
    await stage.wait(750);
    stage.check(
      'it stops there: the other nodes hold meetings',
      (await peers.stoppedSfus()).length === 1,
      `${(await peers.stoppedSfus()).length} stopped`,
    );
    await checkNobodyCut(
      stage,
      meetings.filter(({ name }) => name !== ending?.name),
    );
  },
};
