import type { Limits } from '../../alerts/define.ts';
import type { ActionName, Mode } from '../../alerts/vocabulary.ts';
import { toMs } from '../../kernel/duration.ts';
import type { Occasion, Preflight, Scene } from '../act/define.ts';
import { actions } from '../act/index.ts';
import type { Core } from '../core.ts';
import { decide, type Judgement } from '../decide/decide.ts';
import type { Situation } from '../decide/situation.ts';
import type { Episode, Run, Subject } from '../records.ts';
import type { Sql } from '../store/database.ts';
import type { NewEntry } from '../store/journal.ts';
import { insertRun } from '../store/runs.ts';
import type { Docket } from './docket.ts';

/** One question to `decide`, from whomever it comes. */
export interface Question {
  readonly action: ActionName;
  readonly params: unknown;
  readonly occasion: Occasion;
  readonly runbook: string;
  readonly mode: Mode;
  readonly limits: Limits;
  readonly silenced: boolean;
  readonly requestedBy: Subject;
  readonly approvals: readonly Subject[];
  readonly approvalsNeeded: number;
  readonly breakGlass: boolean;
  readonly self: string | undefined;
}

/** Puts the question before the guards. */
export function judge(core: Core, docket: Docket, question: Question): Judgement {
  const { nowMs } = docket;
  const scene: Scene = {
    occasion: question.occasion,
    declared: core.declared,
    holds: docket.holds,
    lapsed: docket.lapsed,
    firing: docket.firing,
    nowMs,
  };
  const situation: Situation = {
    ...question,
    action: actions[question.action],
    mode: core.dryRun ? 'shadow' : question.mode,
    scene,
    world: docket.world,
    controls: docket.controls,
    recent: docket.recent,
    budget: docket.controls.budget?.amount ?? core.budget,
    nowMs,
  };
  const judgement = decide(situation);
  core.instruments.decisions.inc({
    alertname: question.runbook,
    outcome: judgement.outcome,
    reason: judgement.outcome === 'refuse' ? judgement.reason : '',
  });
  return judgement;
}

/** Writes an intent, a proposal or a refusal. A refusal that stands already is not written again. */
export async function writeJudgement(
  sql: Sql,
  core: Core,
  about: {
    judgement: Judgement;
    question: Question;
    episode: Episode | undefined;
    step: number | undefined;
    docket: Docket;
    /** Whether the caller carries the run out itself; else the loop takes it up. */
    claimed: boolean;
  },
  entries: NewEntry[],
): Promise<Run | undefined> {
  const { judgement, question, episode, step, docket, claimed } = about;
  const base = { incidentId: question.occasion.incidentId, episodeId: episode?.id, subject: question.requestedBy };
  const detail = {
    action: question.action,
    params: question.params,
    trace: judgement.trace,
    runbook: question.runbook,
    mode: question.mode,
    sceneId: docket.sceneId,
    recentRuns: docket.recent.length,
  };
  if (judgement.outcome === 'refuse') {
    if (episode === undefined || episode.refusal !== judgement.reason) {
      const text = judgement.reason === 'shadow' ? `would ${judgement.plan?.says ?? question.action}` : judgement.saw;
      entries.push({
        ...base,
        kind: judgement.reason === 'shadow' ? 'would-act' : 'refused',
        text,
        detail: { ...detail, reason: judgement.reason, plan: judgement.plan && told(judgement.plan) },
      });
    }
    return undefined;
  }
  const { plan } = judgement;
  const state = judgement.outcome === 'act' ? 'intended' : 'proposed';
  const run = await insertRun(
    sql,
    {
      incidentId: question.occasion.incidentId,
      episodeId: episode?.id,
      alertname: question.runbook,
      step,
      action: question.action,
      params: question.params,
      target: plan.target,
      change: plan.change,
      says: plan.says,
      state,
      requestedBy: question.requestedBy,
      approvalsNeeded: question.approvalsNeeded,
      breakGlass: question.breakGlass,
      deadlineInMs: toMs(state === 'intended' ? question.limits.verifyWithin : question.limits.approvalWithin),
    },
    claimed ? { by: core.name, leaseMs: core.timings.leaseMs } : undefined,
  );
  if (run === undefined) return undefined;
  entries.push({
    ...base,
    runId: run.id,
    kind: state,
    text: plan.says,
    detail: { ...detail, plan: told(plan) },
  });
  core.instruments.runs.inc({ action: run.action, state });
  return run;
}

/** What of a plan people are told; the change itself stands in the run. */
function told({ target, says, touches, costPerHour, hold }: Preflight): object {
  return { target, says, touches, costPerHour, hold };
}
