import { toMs } from '../../kernel/duration.ts';
import type { Core } from '../core.ts';
import { refusalTexts } from '../decide/reasons.ts';
import type { Outcome } from '../interact/click.ts';
import { type People, samePerson } from '../interact/permissions.ts';
import { policyOf } from '../reconcile/policy.ts';
import type { Run, Subject } from '../records.ts';
import { readControls } from '../store/controls.ts';
import { wake } from '../store/episodes.ts';
import { bumpVersion } from '../store/incidents.ts';
import { append } from '../store/journal.ts';
import { approve, deny, lockRun } from '../store/runs.ts';

/** Approves or denies a proposal; who asked and who approved already are looked at under the row's lock. */
export async function decideRun(
  core: Pick<Core, 'database' | 'alerts' | 'scaleLimits' | 'wake' | 'changed'>,
  people: People,
  runId: string,
  subject: Subject,
  yes: boolean,
): Promise<Outcome> {
  const outcome = await core.database.transaction(async (sql): Promise<Outcome> => {
    const run: Run | undefined = await lockRun(sql, runId);
    if (run === undefined || run.state !== 'proposed') return { ok: false, says: 'it is already decided' };
    const line = {
      incidentId: run.incidentId,
      episodeId: run.episodeId,
      runId,
      subject,
      detail: { action: run.action },
    };
    if (!yes) {
      await deny(sql, runId, subject);
      await append(sql, [{ ...line, kind: 'denied', text: `denied: ${run.says}` }]);
      if (run.episodeId !== undefined) await wake(sql, { episodeId: run.episodeId });
    } else {
      const controls = await readControls(sql);
      const breakGlass = controls.breakGlass !== undefined && samePerson(people, controls.breakGlass.subject, subject);
      if (!breakGlass && samePerson(people, run.requestedBy, subject))
        return { ok: false, says: 'who asks for it cannot approve it' };
      if (run.approvals.some((earlier) => samePerson(people, earlier, subject)))
        return { ok: false, says: 'a second person has to approve it' };
      const enough = breakGlass || run.approvals.length + 1 >= run.approvalsNeeded;
      const { limits } = policyOf(core, run.alertname);
      if (!(await approve(sql, runId, subject, enough, { breakGlass, verifyWithinMs: toMs(limits.verifyWithin) })))
        return { ok: false, says: refusalTexts['already-acting'] };
      await append(sql, [
        {
          ...line,
          kind: 'approved',
          text: `approved${enough ? '' : ` (${run.approvals.length + 1} of ${run.approvalsNeeded})`}: ${run.says}`,
          detail: { action: run.action, breakGlass },
        },
      ]);
    }
    await bumpVersion(sql, [run.incidentId]);
    return { ok: true };
  });
  core.wake();
  core.changed();
  return outcome;
}
