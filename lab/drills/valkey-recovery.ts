import { type Drill, usualSetting } from './define.ts';
import { DrillFailed, putBack } from './stage.ts';

/** Valkey has lost its data: the managed service keeps no backup of it, which is said with what does help; ours goes back. */
export const valkeyRecovery: Drill = {
  name: 'valkey-recovery',
  title: 'Valkey is empty: the service has no backup of it and says so, ours goes back with two people',
  alertname: undefined,
  setting: usualSetting,
  only: 'simulated',
  async play(stage) {
    const { emergency, ask, approve, records } = stage.platform;
    if (emergency === undefined) throw new DrillFailed('there is no account here');
    stage.cause(`${emergency.valkey} has been emptied.`);
    const { runId, saw } = await ask('restoreManaged', { database: emergency.valkey, as: `${emergency.valkey}-new` });
    stage.check('the service is asked first', runId !== undefined, saw);
    if (runId === undefined) throw new DrillFailed('the service could not be asked');
    const against = await approve(runId, 'sam');
    stage.check('sam agrees to ask it', against === undefined, against ?? 'agreed');
    const refused = await stage.until('the service has no backup', 300, async () =>
      (await records.runs()).find(({ id, finishedAtMs }) => id === runId && finishedAtMs !== undefined),
    );
    stage.check(
      'it says so, and which command brings ours back',
      refused.state !== 'verified' && JSON.stringify(refused).includes('gomeet backup restore --only valkey'),
      `${refused.state}: ${refused.reason ?? ''}`,
    );
    stage.check('no cluster was made', emergency.databaseWrites().length === 0, 'nothing was asked of the account');

    await putBack(stage, 'valkey');
  },
};
