import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { type Drill, usualSetting } from './define.ts';
import { movedMeetings, populate, untilResolved, untilRun } from './stage.ts';

/** A machine dies with meetings on it: its people come back elsewhere, and its place is filled once. */
export const sfuNodeLoss: Drill = {
  name: 'sfu-node-loss',
  title: 'a machine dies: its meetings come back elsewhere, its place is filled once',
  alertname: 'SfuNodeLost',
  setting: usualSetting,
  async play(stage) {
    const { control, peers } = stage.platform;
    const sfus = await populate(stage, 120);
    const lost = sfus[0];
    const before = (await peers.meetings()).find(({ pod }) => pod === lost?.pod);
    const others = (await peers.meetings()).filter(({ pod }) => pod !== lost?.pod);
    const { replicas } = await peers.workload(sfuWorkload.name);
    await control.loseNode(lost?.pod ?? '');
    stage.cause(`The machine under ${lost?.pod} is gone, with ${before?.participants} people in ${before?.name}.`);

    await stage.until('its meeting stands again on another node, with nearly everyone', 120, async () =>
      (await peers.meetings()).find(
        ({ name, pod, participants }) =>
          name === before?.name && pod !== undefined && pod !== lost?.pod && participants >= 100,
      ),
    );
    const after = (await peers.meetings()).find(({ name }) => name === before?.name);
    stage.check(
      'it is the room it was: a crash closes none',
      after?.sid !== undefined && after.sid === before?.sid,
      `${before?.sid} → ${after?.sid}`,
    );
    await untilRun(stage, 'SfuNodeLost fires and a node is asked for', 600, {
      action: 'scaleSfu',
      alertname: 'SfuNodeLost',
      state: 'verifying',
    });
    await untilRun(stage, 'a node that was not there before serves', 600, {
      action: 'scaleSfu',
      alertname: 'SfuNodeLost',
      state: 'verified',
    });
    await untilResolved(stage, 'SfuNodeLost', 600);

    const scaled = await stage.writes('scale', sfuWorkload.name);
    stage.check(
      'the Deployment was raised once, by one',
      scaled.length === 1 && scaled[0]?.value === replicas + 1,
      scaled.map(({ value }) => value).join(', ') || 'never',
    );
    const disturbed = movedMeetings(others, await peers.meetings());
    stage.check(
      'meetings on other nodes were left alone',
      disturbed.length === 0,
      disturbed.map(({ name }) => name).join(', ') || 'all as before',
    );
    stage.check(
      'the responder stopped no SFU',
      (await peers.stoppedSfus()).length === 0,
      `${(await peers.stoppedSfus()).length} stopped`,
    );
  },
};
