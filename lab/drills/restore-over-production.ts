import { type Drill, usualSetting } from './define.ts';
import { DrillFailed, putBack } from './stage.ts';

/** What production runs on is overwritten by a backup: never by one person, and never by a backup that lacks it. */
export const restoreOverProductionDrill: Drill = {
  name: 'restore-over-production',
  title: 'the database holds rubbish: two people put the newest backup over it, once, and look at everything after',
  alertname: undefined,
  setting: usualSetting,
  only: 'simulated',
  async play(stage) {
    const { emergency, ask } = stage.platform;
    if (emergency === undefined) throw new DrillFailed('there are no backups here');
    stage.cause('A migration has emptied a table, and nobody noticed in time.');
    const nothing = await ask('restoreOverProduction', { backup: 'latest', components: [] });
    stage.check('nothing to restore is refused', nothing.runId === undefined, nothing.saw);

    await putBack(stage, 'postgresql');
  },
};
