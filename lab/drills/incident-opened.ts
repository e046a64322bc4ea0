import { chatService } from '../../manifests/catalogue/chat-service.ts';
import { type Drill, usualSetting } from './define.ts';
import { untilRun } from './stage.ts';

/** What a restart does not cure becomes an incident, and a person is called when nobody takes it. */
export const incidentOpened: Drill = {
  name: 'incident-opened',
  title: 'a restart does not cure a service: an incident is declared and a person called',
  alertname: 'ServiceCrashLooping',
  setting: usualSetting,
  async play(stage) {
    const { name } = chatService;
    await stage.platform.control.crash(name, { curedByRestart: false });
    stage.cause(`Every pod of ${name} crashes, whatever one does to it.`);

    await untilRun(stage, 'the service is restarted', 900, { action: 'restartWorkload', state: 'verifying' });
    await untilRun(stage, 'the restart is seen not to help', 900, { action: 'restartWorkload', state: 'not-improved' });
    await untilRun(stage, 'an incident is declared', 300, { action: 'openIncident', state: 'verified' });
    const declared = (await stage.platform.records.incidents()).filter(({ sev }) => sev !== undefined);
    stage.check(
      'one incident, of severity 2',
      declared.length === 1 && declared[0]?.sev === 2,
      declared.map(({ sev }) => `SEV ${sev}`).join(', '),
    );
    await stage.until(
      'a person is called, since nobody acknowledged',
      1_200,
      async () => (await stage.entries('escalated'))[0],
    );

    const restarts = await stage.writes('restart');
    stage.check('it was not restarted again', restarts.length === 1, `${restarts.length} restarts`);
    stage.check(
      'it was called once',
      (await stage.entries('escalated')).length === 1,
      `${(await stage.entries('escalated')).length} calls`,
    );
  },
};
