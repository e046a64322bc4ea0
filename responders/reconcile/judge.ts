import { randomUUID } from 'node:crypto';
import type { Alert, Limits } from '../../alerts/define.ts';
import type { ActionName, Mode } from '../../alerts/vocabulary.ts';
import { toMs } from '../../kernel/duration.ts';
import { PortError } from '../../kernel/errors.ts';
import type { Occasion, Scene, World } from '../act/define.ts';
import { actions } from '../act/index.ts';
import type { Core } from '../core.ts';
import { approvalsFor } from '../decide/approvals.ts';
import { decide, type Judgement } from '../decide/decide.ts';
import { nextRung } from '../decide/ladder.ts';
import type { RefusalReason } from '../decide/reasons.ts';
import type { Situation } from '../decide/situation.ts';
import type { Episode, Run, Subject } from '../records.ts';
import { type Controls, readControls } from '../store/controls.ts';
import type { Sql } from '../store/database.ts';
import { putBack } from '../store/episodes.ts';
import { append, type NewEntry } from '../store/journal.ts';
import { activeHolds, insertRun, recentRuns, runsOfEpisodes } from '../store/runs.ts';

/** What all decisions of one transaction share. */
export interface Docket {
  readonly controls: Controls;
  readonly recent: Run[];
  readonly holds: ReadonlyMap<string, number>;
  readonly firing: ReadonlySet<string>;
  /** The store's clock, which all replicas share: limits in time hold whatever this machine's clock says. */
  readonly nowMs: number;
  /** The platform as last seen, its ages as they are, its times by the store's clock. */
  readonly world: World;
  /** Under which what these decisions saw is kept, for `gomeet replay`. */
  readonly sceneId: string;
}

/** Reads it; holds the lock under which replicas decide one after another, so that limits hold over all of them. */
export async function openDocket(sql: Sql, core: Core): Promise<Docket> {
  await sql.query(`select pg_advisory_xact_lock(hashtext('gomeet-decide'))`);
  const windowMs = Math.max(
    3_600_000,
    ...[...core.alerts.values()].map(({ limits }) => Math.max(toMs(limits.cooldown), toMs(limits.breakerFor))),
  );
  const [controls, recent, holds, { firing, nowMs }] = [
    await readControls(sql),
    await recentRuns(sql, windowMs),
    await activeHolds(sql),
    await firingAlerts(sql),
  ];
  return {
    controls,
    recent,
    holds,
    firing,
    nowMs,
    world: shifted(core.world.current(), nowMs - core.clock.now()),
    sceneId: randomUUID(),
  };
}

/** Keeps what a transaction's decisions looked at, once for all of them. */
export async function keepScene(sql: Sql, core: Core, docket: Docket): Promise<void> {
  const { controls, recent, holds, firing, nowMs, world } = docket;
  const seen = {
    nowMs,
    world,
    controls: { ...controls, modes: [...controls.modes] },
    recent,
    holds: [...holds],
    firing: [...firing],
    declared: core.declared,
    budget: core.budget,
  };
  await sql.query('insert into scene (id, seen) values ($1, $2)', [docket.sceneId, JSON.stringify(seen)]);
}

async function firingAlerts(sql: Sql): Promise<{ firing: ReadonlySet<string>; nowMs: number }> {
  const [row] = await sql.query<{ names: string[]; nowMs: number }>(
    `select array(select distinct alertname from episode where closed_at is null and resolved_at is null) as names, clock_timestamp() as "nowMs"`,
  );
  if (row === undefined) throw new PortError('postgres', 'invalid', 'a query without a row');
  return { firing: new Set(row.names), nowMs: row.nowMs };
}

/** The same readings, dated by another clock. */
function shifted({ cluster, fleet, cloud }: World, byMs: number): World {
  const dated = <Part extends { readonly observedAtMs: number }>(reading: Part): Part => ({
    ...reading,
    observedAtMs: reading.observedAtMs + byMs,
  });
  return {
    ...(cluster && { cluster: dated(cluster) }),
    ...(fleet && { fleet: dated(fleet) }),
    ...(cloud && { cloud: dated(cloud) }),
  };
}

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
    budget: core.budget,
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

/** The mode in force for a runbook: what someone set, else the catalogue's. */
export function modeOf(alert: Alert, controls: Controls): Mode {
  return controls.modes.get(alert.name)?.mode ?? alert.response.mode;
}

/** Decides each episode and writes down what was decided; returns the runs to be carried out now. The episodes' rows are locked by the caller. */
export async function judgeEpisodes(sql: Sql, core: Core, episodes: readonly Episode[]): Promise<Run[]> {
  if (episodes.length === 0) return [];
  const docket = await openDocket(sql, core);
  const runs = await runsOfEpisodes(
    sql,
    episodes.map(({ id }) => id),
  );
  const started: Run[] = [];
  const entries: NewEntry[] = [];
  const back: { id: string; dueInMs: number | undefined; refusal: RefusalReason | undefined }[] = [];
  for (const episode of episodes) {
    const alert = core.alerts.get(episode.alertname);
    if (alert === undefined || episode.resolvedAtMs !== undefined || alert.runbook.mitigation.length === 0) {
      back.push({ id: episode.id, dueInMs: undefined, refusal: undefined });
      continue;
    }
    const rung = nextRung(
      alert,
      episode.labels,
      runs.filter((run) => run.episodeId === episode.id),
      docket.nowMs,
    );
    if (rung.kind === 'wait') back.push({ id: episode.id, dueInMs: rung.forMs, refusal: undefined });
    else if (rung.kind === 'exhausted') {
      if (episode.refusal !== 'exhausted')
        entries.push(refusal(episode, 'exhausted', 'every step of the runbook was tried', {}));
      back.push({ id: episode.id, dueInMs: undefined, refusal: 'exhausted' });
    } else {
      const { mitigation, step } = rung;
      const mode = modeOf(alert, docket.controls);
      const approvalsNeeded = approvalsFor(mitigation.approval, mode, actions[mitigation.action]);
      const question: Question = {
        action: mitigation.action,
        params: mitigation.params,
        runbook: alert.name,
        mode,
        limits: alert.limits,
        silenced: episode.silenced,
        requestedBy: 'responder',
        approvals: [],
        approvalsNeeded,
        breakGlass: false,
        self: undefined,
        occasion: { labels: episode.labels, fingerprint: episode.fingerprint, incidentId: episode.incidentId },
      };
      const judgement = judge(core, docket, question);
      const run = await writeJudgement(sql, core, { judgement, question, episode, step, docket }, entries);
      if (run !== undefined) docket.recent.push(run);
      if (run?.state === 'intended') started.push(run);
      back.push({
        id: episode.id,
        dueInMs: run === undefined ? core.timings.redecideMs : undefined,
        refusal: judgement.outcome === 'refuse' ? judgement.reason : undefined,
      });
    }
  }
  if (entries.length > 0) await keepScene(sql, core, docket);
  await append(sql, entries);
  await putBack(sql, back);
  return started;
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
  },
  entries: NewEntry[],
): Promise<Run | undefined> {
  const { judgement, question, episode, step, docket } = about;
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
      const plan = judgement.plan && {
        target: judgement.plan.target,
        says: judgement.plan.says,
        touches: judgement.plan.touches,
        costPerHour: judgement.plan.costPerHour,
      };
      const text = judgement.reason === 'shadow' ? `would ${judgement.plan?.says ?? question.action}` : judgement.saw;
      entries.push({
        ...base,
        kind: judgement.reason === 'shadow' ? 'would-act' : 'refused',
        text,
        detail: { ...detail, reason: judgement.reason, plan },
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
    { by: core.name, leaseMs: core.timings.leaseMs },
  );
  if (run === undefined) return undefined;
  entries.push({
    ...base,
    runId: run.id,
    kind: state,
    text: plan.says,
    detail: {
      ...detail,
      plan: {
        target: plan.target,
        says: plan.says,
        touches: plan.touches,
        costPerHour: plan.costPerHour,
        hold: plan.hold,
      },
    },
  });
  core.instruments.runs.inc({ action: run.action, state });
  return run;
}

function refusal(episode: Episode, reason: RefusalReason, text: string, detail: object): NewEntry {
  return {
    kind: 'refused',
    incidentId: episode.incidentId,
    episodeId: episode.id,
    subject: 'responder',
    text,
    detail: { reason, ...detail },
  };
}
