import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { type Drill, usualSetting } from './define.ts';
import { populate, untilRun } from './stage.ts';

/** The alert is real, and the responder cannot see the fleet: it holds, says why, and acts once it sees again. */
export const noData: Drill = {
  name: 'no-data',
  title: 'the fleet cannot be seen: nothing is done until it can',
  alertname: 'SfuSaturated',
  setting: usualSetting,
  async play(stage) {
    const { control, peers } = stage.platform;
    const sfus = await populate(stage, 60);
    await control.blind('fleet', true);
    await control.burn(sfus[0]?.pod ?? '', true);
    stage.cause("A node runs hot while Redis and LiveKit's API are away.");

    await stage.until('SfuSaturated fires and is refused for want of data', 900, async () =>
      (await stage.entries('refused')).find(
        ({ detail }) => detail['reason'] === 'stale-data' && detail['runbook'] === 'SfuSaturated',
      ),
    );
    await stage.wait(300);
    stage.check(
      'nothing was changed anywhere',
      (await peers.writes()).length === 0,
      `${(await peers.writes()).length} changes`,
    );
    stage.check(
      'no run was begun',
      (await stage.runs('scaleSfu')).length === 0,
      `${(await stage.runs('scaleSfu')).length} runs`,
    );
    const { replicas } = await peers.workload(sfuWorkload.name);
    stage.check('the Deployment is as it was', replicas === sfus.length, `${replicas} replicas`);

    await control.blind('fleet', false);
    stage.say('Redis and LiveKit answer again.');
    await untilRun(stage, 'it acts once it sees', 300, {
      action: 'scaleSfu',
      alertname: 'SfuSaturated',
      state: 'verifying',
    });
  },
};
