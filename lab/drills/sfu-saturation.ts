import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { type Drill, usualSetting } from './define.ts';
import { checkNobodyCut, populate, untilResolved, untilRun } from './stage.ts';

/** Meetings on one node outgrow its CPU: one node is added, and it is the new meetings that go there. */
export const sfuSaturation: Drill = {
  name: 'sfu-saturation',
  title: 'a node runs hot, one node is added and serves new meetings',
  alertname: 'SfuSaturated',
  setting: usualSetting,
  async play(stage) {
    const { control, peers } = stage.platform;
    const sfus = await populate(stage, 60);
    const hot = sfus[0]?.pod ?? '';
    const before = await peers.meetings();
    const { replicas } = await peers.workload(sfuWorkload.name);
    await control.saturate(hot);
    stage.cause(
      `Three all-hands meetings grow on ${hot}. A room never spans nodes, so all of it is that node's to bear.`,
    );

    await untilRun(stage, 'SfuSaturated fires and a node is asked for', 600, {
      action: 'scaleSfu',
      alertname: 'SfuSaturated',
      state: 'verifying',
    });
    stage.say(`The responder asked for node ${replicas + 1}. A droplet boots, an image is pulled, LiveKit starts.`);
    await untilRun(stage, 'the new node serves: the act is verified', 600, {
      action: 'scaleSfu',
      alertname: 'SfuSaturated',
      state: 'verified',
    });

    const fresh = (await peers.sfus()).find(
      ({ pod, state }) => state === 'serving' && !sfus.some((sfu) => sfu.pod === pod),
    );
    stage.check('the world has one more serving SFU', fresh !== undefined, fresh?.pod ?? 'none');
    await control.startMeeting({ name: 'planning', participants: 40 });
    const planned = await stage.until('a new meeting finds its node', 120, async () =>
      (await peers.meetings()).find(({ name, participants }) => name === 'planning' && participants >= 30),
    );
    stage.check('new meetings go to the new node', planned.pod === fresh?.pod, planned.pod ?? 'nowhere');
    stage.say(`A new meeting starts: LiveKit puts it on ${planned.pod}.`);

    const scaled = await stage.writes('scale', sfuWorkload.name);
    stage.check(
      'the Deployment was raised once, by one',
      scaled.length === 1 && scaled[0]?.value === replicas + 1,
      scaled.map(({ value }) => value).join(', '),
    );
    const hotNow = (await peers.sfus()).find(({ pod }) => pod === hot);
    stage.check(
      'the hot node is not claimed to be cooled: its meetings stay',
      (hotNow?.cpuLoadRatio ?? 0) > 0.8,
      `${Math.round((hotNow?.cpuLoadRatio ?? 0) * 100)} % CPU`,
    );
    await checkNobodyCut(stage, before);
    await control.relieve(hot);
    stage.say('The all-hands meetings end.');
    await untilResolved(stage, 'SfuSaturated', 600);
  },
};
