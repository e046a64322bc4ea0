import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { type Drill, usualSetting } from './define.ts';
import { populate } from './stage.ts';

/** An alert fires and resolves again and again: one episode, one act. */
export const flappingAlert: Drill = {
  name: 'flapping-alert',
  title: 'an alert that comes and goes gets one act, however often it flaps',
  alertname: 'SfuSaturated',
  setting: usualSetting,
  async play(stage) {
    const { control, peers } = stage.platform;
    const sfus = await populate(stage, 60);
    const hot = sfus[0]?.pod ?? '';
    stage.cause(`The load of ${hot} goes up and down.`);
    for (let round = 1; round <= 3; round += 1) {
      await control.burn(hot, true);
      await stage.until(`it fires, round ${round}`, 600, async () => (await heard()) === 'firing');
      await control.burn(hot, false);
      await stage.until(`it resolves, round ${round}`, 600, async () => (await heard()) === 'resolved');
    }

    const episodes = (await stage.platform.records.episodes()).filter(({ alertname }) => alertname === 'SfuSaturated');
    stage.check('it is one episode', episodes.length === 1, `${episodes.length} episodes`);
    const scaled = await stage.writes('scale', sfuWorkload.name);
    stage.check('one act, however often it flapped', scaled.length === 1, `${scaled.length} changes of the Deployment`);
    stage.check(
      'one run',
      (await stage.runs('scaleSfu')).length === 1,
      `${(await stage.runs('scaleSfu')).length} runs`,
    );
    stage.check(
      'no SFU was stopped',
      (await peers.stoppedSfus()).length === 0,
      `${(await peers.stoppedSfus()).length} stopped`,
    );

    async function heard(): Promise<string | undefined> {
      const [episode] = (await stage.platform.records.episodes()).filter(
        ({ alertname }) => alertname === 'SfuSaturated',
      );
      return episode && (episode.resolvedAtMs === undefined ? 'firing' : 'resolved');
    }
  },
};
