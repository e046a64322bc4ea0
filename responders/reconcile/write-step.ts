import { errorText } from '../../kernel/errors.ts';
import type { StepResult } from '../act/define.ts';
import { actions } from '../act/index.ts';
import type { Core } from '../core.ts';
import type { JournalKind, Run, RunState } from '../records.ts';
import { wake } from '../store/episodes.ts';
import { bumpVersion } from '../store/incidents.ts';
import { append } from '../store/journal.ts';
import { type RunUpdate, updateRun } from '../store/runs.ts';
import { fenced, type Lease } from './lease.ts';

/** Cleans up after the run and ends it; when the clean-up fails it is looked at again. */
export async function finish(
  core: Core,
  run: Run,
  lease: Lease,
  outcome: 'verified' | 'not-improved' | 'unknown',
  saw: string,
  left: { readonly change?: unknown; readonly result?: StepResult | undefined } = {},
): Promise<void> {
  try {
    await actions[run.action].settle(run, outcome, fenced(core.ports, lease));
  } catch (error) {
    core.log.warn({ run: run.id, error: errorText(error) }, 'clean-up after a run failed; it is tried again');
    if (
      !(await updateRun(core.database, run, { state: 'verifying', reason: saw, dueInMs: core.timings.verifyEveryMs }))
    )
      core.instruments.leasesLost.inc();
    return;
  }
  await end(core, run, outcome, saw, left.result === undefined ? {} : { result: left.result }, left.change);
}

const kindOf: Readonly<
  Record<'verified' | 'not-improved' | 'unknown' | 'failed' | 'abandoned' | 'expired', JournalKind>
> = {
  verified: 'verified',
  'not-improved': 'not-improved',
  unknown: 'unknown',
  failed: 'failed',
  abandoned: 'abandoned',
  expired: 'expired',
};

/** The run is over; its episode is decided again at once. */
export async function end(
  core: Core,
  run: Run,
  state: keyof typeof kindOf,
  text: string,
  detail: object = {},
  change?: unknown,
): Promise<void> {
  await step(core, run, { state, reason: text, change }, kindOf[state], text, detail, async (sql) => {
    // What the last look found unsafe is not looked at again at once: it needs newer readings.
    if (run.episodeId !== undefined)
      await wake(sql, { episodeId: run.episodeId }, state === 'abandoned' ? core.timings.redecideMs : 0);
  });
  core.wake();
}

/** One transaction: the run's step under its fence, the journal line, the stale buttons. */
export async function step(
  core: Core,
  run: Run,
  update: RunUpdate & { state: RunState },
  kind: JournalKind,
  text: string,
  detail: object,
  also: (sql: Parameters<typeof append>[0]) => Promise<void>,
): Promise<void> {
  const kept = await core.database.transaction(async (sql) => {
    if (!(await updateRun(sql, run, update))) return false;
    await append(sql, [
      {
        kind,
        incidentId: run.incidentId,
        episodeId: run.episodeId,
        runId: run.id,
        subject: 'responder',
        text,
        detail: { action: run.action, target: run.target, ...detail },
      },
    ]);
    await bumpVersion(sql, [run.incidentId]);
    await also(sql);
    return true;
  });
  if (kept) core.instruments.runs.inc({ action: run.action, state: update.state });
  else {
    core.instruments.leasesLost.inc();
    core.log.warn({ run: run.id, state: update.state }, 'another replica took this run over; nothing was written');
  }
  core.changed();
}
