import { type Drill, usualSetting } from './define.ts';
import { askFor, DrillFailed } from './stage.ts';

/** A replica becomes the primary, and a new cluster is made of the service's own backup: two people each, once each. */
export const databaseFailover: Drill = {
  name: 'database-failover',
  title: 'the database is lost: two people make its replica the primary, or a new cluster of a backup; each once',
  alertname: undefined,
  setting: usualSetting,
  only: 'simulated',
  async play(stage) {
    const { emergency, ask } = stage.platform;
    if (emergency === undefined) throw new DrillFailed('there is no account here');
    const { database } = emergency;
    stage.cause(`The primary of ${database} is lost; its replica lives.`);
    const nameless = await ask('promoteReplica', { database, replica: '' });
    stage.check('a replica without a name is refused', nameless.runId === undefined, nameless.saw);

    const params = { database, replica: `${database}-replica` };
    await askFor(stage, 'the replica is the primary', 'promoteReplica', params);
    const promoted = emergency.databaseWrites();
    stage.check('it was promoted once', promoted.length === 1, promoted.join(', ') || 'nothing');

    const again = { database, as: `${database}-again` };
    await askFor(stage, 'a new cluster has the newest backup', 'restoreManaged', again);
    const all = emergency.databaseWrites();
    stage.check('it was made once, beside the old one', all.length === 2, all.join(', '));
  },
};
