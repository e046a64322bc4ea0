import { errorText, PortError } from '../../kernel/errors.ts';
import type { Core } from '../core.ts';
import { inboxState } from '../intake/inbox.ts';
import type { Run } from '../records.ts';
import { takeDue } from '../store/episodes.ts';
import { append } from '../store/journal.ts';
import { claimDue } from '../store/runs.ts';
import { advance } from './execute.ts';
import { foldInbox } from './fold.ts';
import { judgeEpisodes } from './judge.ts';
import { alertmanagerSweep, closeSweep, escalateSweep } from './sweeps.ts';

const foldBatch = 500;
const episodeBatch = 200;
/** Runs carried out side by side; their targets differ. */
const runsAtOnce = 32;

/** The level-triggered loop: looks at what is due, does it, and looks again. */
export interface Loop {
  wake(): void;
  /** Runs until `signal` aborts, then waits for what is under way. */
  run(signal: AbortSignal): Promise<void>;
}

/** Makes the loop of one replica. */
export function createLoop(core: Core): Loop {
  const under = new Map<string, Promise<void>>();
  let ring: (() => void) | undefined;
  let rung = false;

  function wake(): void {
    rung = true;
    ring?.();
  }

  function carryOut(run: Run, how: { fresh: boolean; receivedAtMs?: number | undefined }): void {
    const work = advance(core, run, how)
      .catch((error: unknown) => core.log.error({ run: run.id, error: errorText(error) }, 'a run could not be taken further; its lease will lapse'))
      .finally(() => {
        under.delete(run.id);
        wake();
      });
    under.set(run.id, work);
  }

  /** Folds and decides in one transaction: what came in and what was decided about it become durable together. */
  async function takeUp(): Promise<boolean> {
    const folded = await core.database.transaction(async (sql) => {
      const batch = await foldInbox(sql, core.alerts, foldBatch);
      return { ...batch, runs: await judgeEpisodes(sql, core, batch.toDecide) };
    });
    for (const run of folded.runs) carryOut(run, { fresh: true, receivedAtMs: folded.receivedAtMs });
    if (folded.taken > 0) core.changed();
    return folded.taken === foldBatch;
  }

  async function decideDue(): Promise<boolean> {
    const { runs, full } = await core.database.transaction(async (sql) => {
      const episodes = await takeDue(sql, episodeBatch);
      return { runs: await judgeEpisodes(sql, core, episodes), full: episodes.length === episodeBatch };
    });
    for (const run of runs) carryOut(run, { fresh: true });
    if (runs.length > 0) core.changed();
    return full;
  }

  async function takeRuns(): Promise<boolean> {
    const room = runsAtOnce - under.size;
    if (room <= 0) return false;
    const claimed = await claimDue(core.database, { by: core.name, leaseMs: core.timings.leaseMs }, room);
    const taken = claimed.filter(({ takenFrom }) => takenFrom !== undefined);
    await append(core.database, taken.map((run) => ({ kind: 'takeover', incidentId: run.incidentId, episodeId: run.episodeId, runId: run.id, subject: core.name, text: `taken over from ${run.takenFrom}`, detail: {} })));
    for (const run of claimed) carryOut(run, { fresh: false });
    return claimed.length === room;
  }

  async function lookOnce(): Promise<void> {
    let more = true;
    while (more) more = await takeUp();
    more = true;
    while (more) more = await decideDue();
    await takeRuns();
  }

  async function sweep(): Promise<void> {
    await closeSweep(core);
    for (const run of await core.database.transaction((sql) => escalateSweep(sql, core))) carryOut(run, { fresh: true });
    const { rows, oldestAgeSeconds } = await inboxState(core.database);
    core.instruments.inboxRows.set(rows);
    core.instruments.inboxOldestAge.set(oldestAgeSeconds);
    const [open] = await core.database.query<{ count: number }>('select count(*)::int as count from episode where closed_at is null');
    core.instruments.episodesOpen.set(open?.count ?? 0);
  }

  async function guarded(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof PortError) core.instruments.peerErrors.inc({ peer: error.peer, code: error.code });
      core.log.warn({ work: name, error: errorText(error) }, 'a look failed; it is repeated');
    }
  }

  async function ticking(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      rung = false;
      await guarded('look', lookOnce);
      if (rung || signal.aborted) continue;
      const pause = new AbortController();
      ring = () => pause.abort();
      await core.clock.sleep(core.timings.tickMs, AbortSignal.any([pause.signal, signal]));
      ring = undefined;
    }
  }

  async function every(ms: number, name: string, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await guarded(name, work);
      await core.clock.sleep(ms, signal);
    }
  }

  return {
    wake,
    async run(signal) {
      await Promise.all([
        ticking(signal),
        every(core.timings.tickMs, 'sweep', sweep, signal),
        every(core.timings.reconcileMs, 'alertmanager', () => alertmanagerSweep(core), signal),
      ]);
      await Promise.allSettled(under.values());
    },
  };
}
