import { chatService } from '../../manifests/catalogue/chat-service.ts';
import { progressOf } from '../../responders/act/procedure.ts';
import { type Drill, usualSetting } from './define.ts';
import { askFor } from './stage.ts';

/** The outage response says what is broken, declares it and calls people; it mends nothing by itself. */
export const outageResponse: Drill = {
  name: 'outage-response',
  title: 'a service is down: the outage response says so, declares SEV 1, calls people and names what may mend it',
  alertname: undefined,
  setting: usualSetting,
  async play(stage) {
    const { name } = chatService;
    await stage.platform.control.crash(name, { curedByRestart: false });
    stage.cause(`Every pod of ${name} crashes.`);
    await stage.until('it has no pod that is ready', 300, async () => {
      const { ready } = await stage.platform.peers.workload(name);
      return ready === 0;
    });

    const first = await askFor(stage, 'the first 15 minutes', 'respondToOutage', { band: 'immediate' });
    const said = JSON.stringify(progressOf(first)?.steps.map(({ saw }) => saw));
    stage.check('it names the service', said.includes(`short of pods: ${name}`), said.slice(0, 400));
    const incident = (await stage.platform.records.incidents()).find(({ id }) => id === first.incidentId);
    stage.check('SEV 1 is declared', incident?.sev === 1, `SEV ${incident?.sev}`);
    const calls = (await stage.entries('escalated')).filter(({ incidentId }) => incidentId === first.incidentId);
    stage.check('people were called once', calls.length === 1, `${calls.length} calls`);

    const next = await askFor(stage, 'the first hour', 'respondToOutage', { band: 'investigate' });
    const found = JSON.stringify(progressOf(next)?.steps);
    stage.check('it names a command that may mend it', found.includes(`${name}: `), found.slice(-300));

    // Each second in the place of each quarter of an hour.
    const updates = await askFor(stage, 'what to tell people', 'respondToOutage', { band: 'updates', everyMs: 1_000 });
    const told = (progressOf(updates)?.steps ?? []).map(({ saw }) => saw ?? '');
    stage.check(
      'four updates name the service while it is down',
      told.length === 4 && told.every((saw) => saw.includes(name)),
      told.join(' | '),
    );

    await stage.platform.control.cure(name);
    await askFor(stage, 'recovery', 'respondToOutage', { band: 'recover' });
  },
};
