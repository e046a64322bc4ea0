import type { Limits } from '../../alerts/define.ts';
import type { ActionName, Mode } from '../../alerts/vocabulary.ts';
import { actions } from '../act/index.ts';
import type { Core } from '../core.ts';
import type { Judgement } from '../decide/decide.ts';
import type { RefusalReason } from '../decide/reasons.ts';
import type { Episode, Run, Subject } from '../records.ts';
import type { Sql } from '../store/database.ts';
import { listEpisodes } from '../store/episodes.ts';
import { openIncidents, openIncidentsByKeys } from '../store/incidents.ts';
import { append, type NewEntry } from '../store/journal.ts';
import { firstTime } from '../store/once.ts';
import { keepScene, openDocket } from './docket.ts';
import { judge, type Question, writeJudgement } from './judge.ts';
import type { Schedule } from './schedules.ts';

/** What a person, the command line or the calendar wants done. */
export interface Request {
  readonly action: ActionName;
  readonly params: unknown;
  readonly by: Subject;
  /** The incident it belongs to; without one, an incident is opened for it when it comes to an act. */
  readonly incidentId: string | undefined;
  readonly runbook: string;
  readonly mode: Mode;
  readonly limits: Limits;
  readonly approvalsNeeded: number;
  readonly breakGlass: boolean;
  /** A schedule whose refusal people must hear of, once for each key and reason; `says` is what will be missing. */
  readonly tell?: { readonly key: string; readonly says: string };
}

/** What became of it. */
export interface Answer {
  readonly judgement: Judgement;
  readonly run: Run | undefined;
  readonly incidentId: string | undefined;
}

/** Puts a request before the same guards as an alert, and writes the intent, the proposal or the refusal. */
export async function request(core: Core, wanted: Request): Promise<Answer> {
  const answer = await core.database.transaction((sql) => requestIn(sql, core, wanted));
  core.wake();
  core.changed();
  return answer;
}

/** The same within a transaction that also holds what asked for it. */
export async function requestIn(sql: Sql, core: Core, wanted: Request): Promise<Answer> {
  const docket = await openDocket(sql, core);
  const episode = wanted.incidentId === undefined ? undefined : await currentEpisode(sql, wanted.incidentId);
  const question: Question = {
    ...wanted,
    silenced: false,
    requestedBy: wanted.by,
    approvals: [],
    self: undefined,
    occasion: {
      labels: episode?.labels ?? {},
      fingerprint: episode?.fingerprint,
      incidentId: wanted.incidentId ?? '',
    },
  };
  const decided = judge(core, docket, question);
  const refused = decided.outcome === 'refuse' && decided.reason !== 'shadow';
  const { tell } = wanted;
  const missed = decided.outcome === 'refuse' && !passing.has(decided.reason);
  const told = missed && tell !== undefined && (await firstTime(sql, `told:${tell.key}:${decided.reason}`));
  // A schedule that finds nothing to do leaves no trace but its metric: it asks every minute.
  if (refused && wanted.incidentId === undefined && !told)
    return { judgement: decided, run: undefined, incidentId: undefined };
  const judgement = told ? { ...decided, saw: `${tell.says}: ${decided.saw}` } : decided;
  const incidentId = wanted.incidentId ?? (await routineIncident(sql, wanted));
  const entries: NewEntry[] = [];
  const run = await writeJudgement(
    sql,
    core,
    {
      judgement,
      question: { ...question, occasion: { ...question.occasion, incidentId } },
      episode: undefined,
      step: undefined,
      docket,
      claimed: false,
    },
    entries,
  );
  if (entries.length > 0) await keepScene(sql, core, docket);
  await append(sql, entries);
  return { judgement, run, incidentId };
}

/** Reasons that are over by the next time it is asked, or leave nothing missing. */
const passing: ReadonlySet<RefusalReason> = new Set(['nothing-to-do', 'already-acting', 'cooldown', 'shadow']);

/** The request that a schedule makes each time it is due. */
export function scheduleRequest(core: Core, schedule: Schedule): Request {
  return {
    action: schedule.action,
    params: schedule.params,
    by: `schedule:${schedule.name}`,
    incidentId: undefined,
    runbook: schedule.name,
    mode: schedule.mode,
    limits: core.scaleLimits(schedule.limits),
    approvalsNeeded: schedule.mode === 'suggest' ? 1 : 0,
    breakGlass: false,
  };
}

/** Machines cost money until someone takes them away again. */
const costly: ReadonlySet<ActionName> = new Set(['raiseNodePool', 'autoscalePool']);

/** Approvals a person's own request needs: another person when it can cut people off, delete something, or costs money. */
export function approvalsForPerson(action: ActionName): number {
  return actions[action].destructive || costly.has(action) ? 1 : 0;
}

/** The episode that a request in an incident is about: the open one, else the newest. */
export async function currentEpisode(sql: Sql, incidentId: string): Promise<Episode | undefined> {
  const episodes = await listEpisodes(sql, { incidentId });
  return episodes.find(({ closedAtMs }) => closedAtMs === undefined) ?? episodes.at(-1);
}

/** Routine work has a thread too: one open incident per schedule or request kind. */
async function routineIncident(sql: Sql, { runbook, by }: Request): Promise<string> {
  const key = `routine:${runbook}`;
  const [open] = await openIncidentsByKeys(sql, [key]);
  if (open !== undefined) return open.id;
  const [id] = await openIncidents(sql, [{ title: `Routine: ${runbook}, by ${by}`, severity: 'info', keys: [key] }]);
  return id ?? '';
}
