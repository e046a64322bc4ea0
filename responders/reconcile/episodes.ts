import type { Alert } from '../../alerts/define.ts';
import type { Mode } from '../../alerts/vocabulary.ts';
import { actions } from '../act/index.ts';
import type { Core } from '../core.ts';
import { approvalsFor } from '../decide/approvals.ts';
import type { Judgement } from '../decide/decide.ts';
import { nextRung, type Step } from '../decide/ladder.ts';
import type { RefusalReason } from '../decide/reasons.ts';
import type { Episode, Run } from '../records.ts';
import type { Controls } from '../store/controls.ts';
import type { Sql } from '../store/database.ts';
import { putBack } from '../store/episodes.ts';
import { append, type NewEntry } from '../store/journal.ts';
import { runsOfEpisodes } from '../store/runs.ts';
import { type Docket, keepScene, openDocket } from './docket.ts';
import { judge, type Question, writeJudgement } from './judge.ts';

/** When an episode is looked at again, and the refusal that stands. */
interface PutBack {
  readonly id: string;
  readonly dueInMs: number | undefined;
  readonly refusal: RefusalReason | undefined;
}

/** Decides each episode and writes down what was decided; returns the runs to be carried out now. The episodes' rows are locked by the caller. */
export async function judgeEpisodes(sql: Sql, core: Core, episodes: readonly Episode[]): Promise<Run[]> {
  if (episodes.length === 0) return [];
  const ids = episodes.map(({ id }) => id);
  const [docket, earlier] = await Promise.all([openDocket(sql, core), runsOfEpisodes(sql, ids)]);
  const runs = Map.groupBy(earlier, ({ episodeId }) => episodeId);
  const started: Run[] = [];
  const entries: NewEntry[] = [];
  const back: PutBack[] = [];
  for (const episode of episodes) {
    const { run, ...again } = await judgeOne(sql, core, { docket, episode, runs: runs.get(episode.id) ?? [], entries });
    if (run !== undefined) docket.recent.push(run);
    if (run?.state === 'intended') started.push(run);
    back.push({ id: episode.id, ...again });
  }
  await Promise.all([entries.length > 0 && keepScene(sql, core, docket), append(sql, entries), putBack(sql, back)]);
  return started;
}

interface One {
  readonly docket: Docket;
  readonly episode: Episode;
  readonly runs: readonly Run[];
  readonly entries: NewEntry[];
}

async function judgeOne(sql: Sql, core: Core, one: One): Promise<Omit<PutBack, 'id'> & { run?: Run | undefined }> {
  const { docket, episode, entries } = one;
  const alert = core.alerts.get(episode.alertname);
  if (alert === undefined || episode.resolvedAtMs !== undefined || alert.runbook.mitigation.length === 0)
    return { dueInMs: undefined, refusal: undefined };
  const rung = nextRung(alert, episode.labels, one.runs, docket.nowMs);
  if (rung.kind === 'wait') return { dueInMs: rung.forMs, refusal: undefined };
  if (rung.kind === 'exhausted') {
    if (episode.refusal !== 'exhausted') entries.push(exhausted(episode));
    return { dueInMs: undefined, refusal: 'exhausted' };
  }
  const { question, judgement, step } = firstThatApplies(core, docket, { alert, episode, steps: rung.steps });
  const run = await writeJudgement(sql, core, { judgement, question, episode, step, docket, claimed: true }, entries);
  return {
    run,
    dueInMs: run === undefined ? core.timings.redecideMs : undefined,
    refusal: judgement.outcome === 'refuse' ? judgement.reason : undefined,
  };
}

/** Reasons for which a step does not apply now; the next one is looked at, and this one stays untried. */
const passedOver: ReadonlySet<RefusalReason> = new Set(['nothing-to-do', 'no-target']);

/** Judges the steps in order up to the first that applies; where none does, the first says why. */
function firstThatApplies(
  core: Core,
  docket: Docket,
  { alert, episode, steps }: { alert: Alert; episode: Episode; steps: readonly [Step, ...Step[]] },
): { question: Question; judgement: Judgement; step: number } {
  const ask = ({ step, mitigation }: Step) => {
    const mode = modeOf(alert, docket.controls);
    const question: Question = {
      action: mitigation.action,
      params: mitigation.params,
      runbook: alert.name,
      mode,
      limits: alert.limits,
      silenced: episode.silenced,
      requestedBy: 'responder',
      approvals: [],
      approvalsNeeded: approvalsFor(mitigation.approval, mode, actions[mitigation.action]),
      breakGlass: false,
      self: undefined,
      occasion: { labels: episode.labels, fingerprint: episode.fingerprint, incidentId: episode.incidentId },
    };
    return { question, judgement: judge(core, docket, question), step };
  };
  const [first, ...others] = steps;
  const firstAnswer = ask(first);
  let answer = firstAnswer;
  for (const step of others) {
    if (answer.judgement.outcome !== 'refuse' || !passedOver.has(answer.judgement.reason)) return answer;
    answer = ask(step);
  }
  return answer.judgement.outcome === 'refuse' && passedOver.has(answer.judgement.reason) ? firstAnswer : answer;
}

/** The mode in force for a runbook: what someone set, else the catalogue's. */
export function modeOf(alert: Alert, controls: Controls): Mode {
  return controls.modes.get(alert.name)?.mode ?? alert.response.mode;
}

function exhausted(episode: Episode): NewEntry {
  return {
    kind: 'refused',
    incidentId: episode.incidentId,
    episodeId: episode.id,
    subject: 'responder',
    text: 'every step of the runbook was tried',
    detail: { reason: 'exhausted' },
  };
}
