import type { Limits } from '../../alerts/define.ts';
import { toMs } from '../../kernel/duration.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import type { Action, Occasion, Signals, Verdict } from '../act/define.ts';
import { actions } from '../act/index.ts';
import type { Core } from '../core.ts';
import { approvalsFor } from '../decide/approvals.ts';
import type { Judgement } from '../decide/decide.ts';
import { requestRunbook } from '../decide/situation.ts';
import type { Run } from '../records.ts';
import { readEpisode } from '../store/episodes.ts';
import { putHold, updateRun } from '../store/runs.ts';
import { openDocket } from './docket.ts';
import { modeOf } from './episodes.ts';
import { judge } from './judge.ts';
import { fenced, type Hold } from './lease.ts';
import { policyOf } from './policy.ts';
import { currentEpisode } from './request.ts';
import { beginProcedure, strideOn } from './stride.ts';
import { end, finish, step } from './write-step.ts';

/** Tries of a call that keeps failing before a person gets it. */
const maxAttempts = 12;
const longestPauseMs = 60_000;

/** Takes a claimed run one step further. */
export async function advance(core: Core, run: Run, how: Hold): Promise<void> {
  if (run.state === 'proposed') return await end(core, run, 'expired', 'nobody answered in time');
  // What was asked for in a thread is about the thread's alert, also when it is looked at again.
  const episode =
    run.episodeId === undefined
      ? await currentEpisode(core.database, run.incidentId)
      : await readEpisode(core.database, run.episodeId);
  const occasion: Occasion = {
    labels: episode?.labels ?? {},
    fingerprint: episode?.fingerprint,
    incidentId: run.incidentId,
  };
  const { limits } = policyOf(core, run.alertname);
  if (run.state === 'intended') return await act(core, run, occasion, limits, how);
  const action: Action = actions[run.action];
  if (action.stride !== undefined) return await strideOn(core, run, occasion, how);
  return await verify(core, run, limits, how);
}

async function act(core: Core, run: Run, occasion: Occasion, limits: Limits, how: Hold): Promise<void> {
  const action = actions[run.action];
  try {
    if (!how.fresh) {
      if (await action.applied(run, core.ports))
        return await acted(core, run, limits, 'done already, by an earlier try or someone else; not done again');
      const judgement = await lookAgain(core, run, occasion);
      if (judgement.outcome !== 'act') {
        const reason = judgement.outcome === 'refuse' ? judgement.reason : 'needs-approval';
        return await abandon(core, run, how, reason, { trace: judgement.trace, reason });
      }
    }
    if (how.receivedAtMs !== undefined)
      core.instruments.actLatency.observe(Math.max(0, core.clock.now() - how.receivedAtMs) / 1_000);
    const unsafe = await action.run(run, occasion, fenced(core.ports, how.lease));
    if (unsafe !== undefined) return await abandon(core, run, how, unsafe.saw, { reason: unsafe.blocked });
    await acted(core, run, limits, run.says);
  } catch (error) {
    await failedCall(core, run, error, how);
  }
}

/** Not after all. An earlier try may have got half way, so it is cleaned up after; when that fails it is tried again, as a call is. */
async function abandon(core: Core, run: Run, how: Hold, text: string, detail: object): Promise<void> {
  await actions[run.action].settle(run, 'unknown', fenced(core.ports, how.lease));
  await end(core, run, 'abandoned', text, detail);
}

/** All guards once more: after a wait for approval, a takeover or a failed try. */
async function lookAgain(core: Core, run: Run, occasion: Occasion): Promise<Judgement> {
  const { limits, mode: usual } = policyOf(core, run.alertname);
  const alert = run.alertname === undefined ? undefined : core.alerts.get(run.alertname);
  return await core.database.transaction(async (sql) => {
    const docket = await openDocket(sql, core);
    const mode = alert === undefined ? usual : modeOf(alert, docket.controls);
    const approved = run.approvals.length > 0;
    return judge(core, docket, {
      action: run.action,
      params: run.params,
      occasion,
      runbook: run.alertname ?? requestRunbook,
      // People who approved knew the mode; what the responder began alone ends where it may no longer act alone.
      mode: approved && mode === 'shadow' ? 'suggest' : mode,
      limits,
      silenced: false,
      requestedBy: run.requestedBy,
      approvals: run.approvals,
      approvalsNeeded: approved
        ? run.approvalsNeeded
        : Math.max(run.approvalsNeeded, alert === undefined ? 0 : approvalsFor('none', mode, actions[run.action])),
      breakGlass: run.breakGlass,
      self: run.id,
    });
  });
}

async function acted(core: Core, run: Run, limits: Limits, text: string): Promise<void> {
  const action: Action = actions[run.action];
  if (action.stride !== undefined) return await beginProcedure(core, run);
  const hold =
    action.reversal === 'lapse' &&
    typeof run.change === 'object' &&
    run.change !== null &&
    'to' in run.change &&
    typeof run.change.to === 'number'
      ? run.change.to
      : undefined;
  await step(
    core,
    run,
    {
      state: 'verifying',
      acted: true,
      dueInMs: action.reach === 'platform' ? Math.min(core.timings.verifyEveryMs, 1_000) : 0,
      deadlineInMs: toMs(limits.verifyWithin),
    },
    'acted',
    text,
    {},
    async (sql) => {
      if (hold !== undefined)
        await putHold(sql, { runId: run.id, target: run.target, replicas: hold, forMs: toMs(limits.holdFor) });
    },
  );
}

async function failedCall(core: Core, run: Run, error: unknown, { late, lease }: Hold): Promise<void> {
  const broken = error instanceof PortError ? error : undefined;
  core.instruments.peerErrors.inc({ peer: broken?.peer ?? 'self', code: broken?.code ?? 'invalid' });
  core.log.warn({ run: run.id, action: run.action, error: errorText(error) }, 'act failed');
  if (broken?.retryable && run.attempts < maxAttempts && !late) {
    const pauseMs = broken.retryAfterMs ?? Math.min(longestPauseMs, core.timings.retryMs * 2 ** run.attempts);
    if (!(await updateRun(core.database, run, { state: 'intended', reason: errorText(error), dueInMs: pauseMs })))
      core.instruments.leasesLost.inc();
    return;
  }
  await actions[run.action]
    .settle(run, 'unknown', fenced(core.ports, lease))
    .catch((cause: unknown) =>
      core.log.error({ run: run.id, error: errorText(cause) }, 'what a failed run left behind could not be cleaned up'),
    );
  await end(core, run, 'failed', errorText(error));
}

async function verify(core: Core, run: Run, limits: Limits, { late, skewMs, lease }: Hold): Promise<void> {
  const action = actions[run.action];
  const nowMs = core.clock.now();
  // By our clock, as the readings are: one from before the act must not count as its effect.
  const actedAtMs = run.actedAtMs === undefined ? nowMs : run.actedAtMs - skewMs;
  if (
    action.needs.length > 0 &&
    action.needs.some(
      (part) =>
        part !== 'cloud' && (core.world.current()[part]?.observedAtMs ?? 0) < nowMs - core.timings.verifyEveryMs,
    )
  )
    await core.world.refresh(action.needs.filter((part) => part !== 'cloud'));
  const world = core.world.current();
  const stale = action.needs.filter(
    (part) => part !== 'cloud' && core.clock.now() - (world[part]?.observedAtMs ?? 0) > toMs(limits.maxDataAge),
  );
  const verdict: Verdict =
    stale.length > 0
      ? { verdict: 'pending', saw: `no fresh reading of ${stale.join(', ')}` }
      : action.verify(run, world, { actedAtMs, nowMs, signals: await answers(core, action.signals) });
  if (verdict.verdict === 'verified') return await finish(core, run, lease, 'verified', verdict.saw);
  if (verdict.verdict === 'not-improved') return await finish(core, run, lease, 'not-improved', verdict.saw);
  if (late)
    return await finish(
      core,
      run,
      lease,
      stale.length > 0 ? 'unknown' : 'not-improved',
      `${verdict.saw}, and the time for it is up`,
    );
  if (
    !(await updateRun(core.database, run, {
      state: 'verifying',
      reason: verdict.saw,
      dueInMs: core.timings.verifyEveryMs,
    }))
  )
    core.instruments.leasesLost.inc();
}

async function answers(core: Core, signals: Readonly<Record<string, string>>): Promise<Signals> {
  const pairs = await Promise.all(
    Object.entries(signals).map(async ([name, expr]) => {
      const samples = await core.metrics.query(expr).catch(() => []);
      return [name, samples[0]?.value] as const;
    }),
  );
  return Object.fromEntries(pairs);
}
