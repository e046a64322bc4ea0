import { ZodError } from 'zod';
import { actions } from '../act/index.ts';
import type { Core } from '../core.ts';
import { requestRunbook } from '../decide/situation.ts';
import { readControls } from '../store/controls.ts';
import type { Sql } from '../store/database.ts';
import { answerWish, takeWish, type Wish, type WishAnswer } from '../store/wishes.ts';
import { requestLimits } from './policy.ts';
import { approvalsForPerson, requestIn } from './request.ts';

const names = Object.keys(actions);

/** Puts every open wish before the guards. A wish, its answer and its run become durable together: killed in between, it waits for the next look. */
export async function grantWishes(core: Core): Promise<void> {
  while (
    await core.database.transaction(async (sql) => {
      const wish = await takeWish(sql, names);
      if (wish === undefined) return false;
      await answerWish(sql, wish.id, await grant(sql, core, wish));
      return true;
    })
  );
  core.changed();
}

async function grant(sql: Sql, core: Core, wish: Wish): Promise<WishAnswer> {
  const action = Object.values(actions).find(({ name }) => name === wish.action);
  if (action === undefined) return { outcome: 'invalid', saw: `no action ${wish.action}`, trace: [] };
  const { breakGlass } = await readControls(sql);
  const alone = breakGlass?.subject === wish.by;
  try {
    const { judgement, run } = await requestIn(sql, core, {
      action: action.name,
      params: wish.params,
      by: wish.by,
      incidentId: undefined,
      runbook: requestRunbook,
      mode: wish.dryRun ? 'shadow' : 'auto',
      limits: core.scaleLimits(requestLimits),
      approvalsNeeded: alone ? 0 : approvalsForPerson(action.name),
      breakGlass: alone,
    });
    const { outcome, plan, trace } = judgement;
    if (judgement.outcome !== 'refuse' && run === undefined)
      return { outcome: 'refuse', reason: 'already-acting', saw: 'it was taken up by another run just now', trace };
    return {
      outcome,
      ...(judgement.outcome === 'refuse' ? { reason: judgement.reason } : {}),
      saw: judgement.outcome === 'refuse' ? judgement.saw : (plan?.says ?? ''),
      plan,
      trace,
      runId: run?.id,
    };
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const [issue] = error.issues;
    return { outcome: 'invalid', saw: `${issue?.path.join('.') || 'params'}: ${issue?.message}`, trace: [] };
  }
}
