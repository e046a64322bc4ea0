import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { type Drill, usualSetting } from './define.ts';
import { populate, untilRun } from './stage.ts';

/** A node is asked for and never comes: the responder sees that its act did not help and hands over to people. */
export const actionDoesNotHelp: Drill = {
  name: 'action-does-not-help',
  title: 'the node asked for never comes: it is said so, and people take over',
  alertname: 'SfuSaturated',
  setting: usualSetting,
  async play(stage) {
    const { control, peers } = stage.platform;
    const sfus = await populate(stage, 60);
    const { replicas } = await peers.workload(sfuWorkload.name);
    await control.stallBoots();
    await control.saturate(sfus[0]?.pod ?? '');
    stage.cause('A node runs hot, and DigitalOcean brings no new droplet up.');

    await untilRun(stage, 'a node is asked for', 600, {
      action: 'scaleSfu',
      alertname: 'SfuSaturated',
      state: 'verifying',
    });
    stage.say('The responder waits for a new node to serve. None will.');
    await untilRun(stage, 'the act is seen not to help before its deadline is long past', 900, {
      action: 'scaleSfu',
      alertname: 'SfuSaturated',
      state: 'not-improved',
    });
    await untilRun(stage, 'an incident is declared', 300, {
      action: 'openIncident',
      alertname: 'SfuSaturated',
      state: 'verified',
    });

    stage.check(
      'nothing was called verified',
      (await stage.runs('scaleSfu')).every(({ state }) => state !== 'verified'),
      'no scale-out verified',
    );
    const scaled = await stage.writes('scale', sfuWorkload.name);
    stage.check(
      'it asked once, and took nothing back in the middle of an incident',
      scaled.length === 1 && scaled[0]?.value === replicas + 1,
      scaled.map(({ value }) => value).join(', '),
    );
    stage.check(
      'no SFU was stopped',
      (await peers.stoppedSfus()).length === 0,
      `${(await peers.stoppedSfus()).length} stopped`,
    );
  },
};
