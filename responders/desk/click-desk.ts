import { formatUsd } from '../../kernel/money.ts';
import type { ConsoleDesk } from '../console/clicks.ts';
import type { Core } from '../core.ts';
import { refusalTexts } from '../decide/reasons.ts';
import { requestRunbook } from '../decide/situation.ts';
import type { ClickDesk, Outcome } from '../interact/click.ts';
import { type People, samePerson } from '../interact/permissions.ts';
import type { Chat } from '../ports.ts';
import { requestLimits } from '../reconcile/policy.ts';
import { type Answer, approvalsForPerson, request } from '../reconcile/request.ts';
import type { Incident, Subject } from '../records.ts';
import { readControls } from '../store/controls.ts';
import { markNoise } from '../store/episodes.ts';
import { acknowledge, bumpVersion, readIncident } from '../store/incidents.ts';
import { append, readJournal } from '../store/journal.ts';
import { runsOfIncident } from '../store/runs.ts';
import { readView } from '../views.ts';
import { changeControl } from './controls.ts';
import { decideRun } from './decide-run.ts';
import { statusText } from './status.ts';

/** Works clicks, from Slack and from the console alike. Every write checks again what the click found. */
export function createClickDesk(core: Core, people: People, chat: Chat | undefined): ConsoleDesk {
  const ask = async (asked: {
    action: Parameters<ClickDesk['request']>[0]['action'];
    params: unknown;
    incident: Incident;
    subject: Subject;
  }): Promise<Outcome> => {
    const controls = await readControls(core.database);
    const breakGlass =
      controls.breakGlass !== undefined && samePerson(people, controls.breakGlass.subject, asked.subject);
    return outcomeOf(
      await request(core, {
        action: asked.action,
        params: asked.params,
        by: asked.subject,
        incidentId: asked.incident.id,
        runbook: requestRunbook,
        mode: 'auto',
        limits: core.scaleLimits(requestLimits),
        approvalsNeeded: breakGlass ? 0 : approvalsForPerson(asked.action),
        breakGlass,
      }),
    );
  };

  return {
    people,

    async find(publicId) {
      const incident = await readIncident(core.database, { publicId });
      if (incident === undefined) return undefined;
      const [runs, [last], { breakGlass }] = await Promise.all([
        runsOfIncident(core.database, incident.id),
        readJournal(core.database, { incidentId: incident.id, newestFirst: true, limit: 1 }),
        readControls(core.database),
      ]);
      return {
        incident,
        runs,
        lastChange: last && { what: last.text, by: last.subject },
        breakGlassBy: breakGlass?.subject,
      };
    },

    async acknowledge(incident, subject) {
      const done = await core.database.transaction(async (sql) => {
        if (!(await acknowledge(sql, incident.id, subject))) return false;
        await append(sql, [{ kind: 'acknowledged', incidentId: incident.id, subject, text: 'has it', detail: {} }]);
        return true;
      });
      core.changed();
      return done ? { ok: true } : { ok: false, says: 'someone else already has it' };
    },

    approve: (runId, subject) => decideRun(core, people, runId, subject, true),
    deny: (runId, subject) => decideRun(core, people, runId, subject, false),
    request: ask,
    escalate: (incident, subject) => ask({ action: 'escalate', params: {}, incident, subject }),

    async noise(incident, subject) {
      await core.database.transaction(async (sql) => {
        await markNoise(sql, incident.id);
        await bumpVersion(sql, [incident.id]);
        await append(sql, [
          { kind: 'noise', incidentId: incident.id, subject, text: 'says that this alert was noise', detail: {} },
        ]);
      });
      core.changed();
      return { ok: true };
    },

    control: (command, subject) => changeControl(core, { reason: 'by command', ...command, subject }),
    change: (change, subject) => changeControl(core, { ...change, subject }),

    status: () => statusText(core),

    async modalHelp(modal, incident) {
      const services = core.declared.workloads.filter(({ restartable }) => restartable).map(({ name }) => name);
      if (incident === undefined) return { services };
      const view = await readView(core, { id: incident.id }, { interactive: true, consoleUrl: undefined, entries: 1 });
      const offer = view?.offers?.find(({ action }) => action === (modal === 'scale' ? 'scaleSfu' : 'restartWorkload'));
      return offer === undefined
        ? { services }
        : { services, says: `${offer.says}, ${formatUsd(offer.costPerHour)}/h` };
    },

    async openModal(triggerId, view) {
      await chat?.openModal(triggerId, view);
    },
  };
}

/** The guards' answer in a sentence. */
function outcomeOf({ judgement, run }: Answer): Outcome {
  if (judgement.outcome === 'refuse')
    return { ok: false, says: `${refusalTexts[judgement.reason]} (${judgement.saw})` };
  if (run === undefined) return { ok: false, says: refusalTexts['already-acting'] };
  if (judgement.outcome === 'propose')
    return {
      ok: true,
      says: `Asked for: ${run.says}. ${judgement.approvalsNeeded === 1 ? 'Another person has' : `${judgement.approvalsNeeded} people have`} to approve it.`,
    };
  return { ok: true, says: `On its way: ${run.says}.` };
}
