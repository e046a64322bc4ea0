import PQueue from 'p-queue';
import { errorText, PortError } from '../../kernel/errors.ts';
import { actions } from '../act/index.ts';
import type { Core } from '../core.ts';
import { inboxState, setAside } from '../intake/inbox.ts';
import type { Run } from '../records.ts';
import type { Sql } from '../store/database.ts';
import { takeDue } from '../store/episodes.ts';
import { append } from '../store/journal.ts';
import { claimDue } from '../store/runs.ts';
import { judgeEpisodes } from './episodes.ts';
import { evidenceSweep } from './evidence.ts';
import { advance } from './execute.ts';
import { foldInbox } from './fold.ts';
import { type Hold, holdLease, type Moment, moment } from './lease.ts';
import { alertmanagerSweep, closeSweep, escalateSweep } from './sweeps.ts';
import { timesSweep } from './times.ts';
import { grantWishes } from './wishes.ts';

const foldBatch = 250;
const episodeBatch = 200;
/** Runs carried out side by side; their targets differ. */
const runsAtOnce = 32;

type Due = Readonly<Record<'alerts' | 'episodes' | 'runs' | 'wishes', boolean>>;

/** Whether anything waits, asked before any lock is taken. */
async function due(sql: Sql): Promise<Due> {
  const [row] = await sql.query<Due>(
    `select exists(select from inbox) as alerts,
       exists(select from wish where answer is null and expires_at > clock_timestamp()) as wishes,
       exists(select from episode where closed_at is null and due_at <= clock_timestamp()) as episodes,
       exists(select from run where state in ('proposed', 'intended', 'verifying') and due_at <= clock_timestamp() and (lease_until is null or lease_until < clock_timestamp())) as runs`,
  );
  return row ?? { alerts: false, episodes: false, runs: false, wishes: false };
}

/** The level-triggered loop: looks at what is due, does it, and looks again. */
export interface Loop {
  wake(): void;
  /** Runs until `signal` aborts, then waits for what is under way. */
  run(signal: AbortSignal): Promise<void>;
}

/** Makes the loop of one replica. */
export function createLoop(core: Core): Loop {
  const acts = new PQueue({ concurrency: runsAtOnce });
  let ring: (() => void) | undefined;
  let rung = false;

  function wake(): void {
    rung = true;
    ring?.();
  }

  /** The lease is kept from here on, also while the run waits for its turn. */
  function carryOut(run: Run, since: Moment, how: Omit<Hold, 'lease'>): void {
    const lease = holdLease(core, run, since);
    // A new act goes before a look at what was done.
    const work = acts.add(() => advance(core, run, { ...how, lease }), { priority: how.fresh ? 1 : 0 });
    void work
      .catch((error: unknown) =>
        core.log.error(
          { run: run.id, error: errorText(error) },
          'a run could not be taken further; its lease will lapse',
        ),
      )
      .finally(() => {
        lease.end();
        wake();
      });
  }

  function carryOutFresh(runs: readonly Run[], since: Moment, receivedAtMs?: number): void {
    for (const run of runs) carryOut(run, since, { fresh: true, receivedAtMs, late: false, skewMs: 0 });
  }

  /** Folds and decides in one transaction: what came in and what was decided about it become durable together. */
  async function takeUp(limit = foldBatch): Promise<boolean> {
    const since = moment(core.clock);
    const folded = await core.database.transaction(async (sql) => {
      const batch = await foldInbox(sql, core.alerts, limit);
      return { ...batch, runs: await judgeEpisodes(sql, core, batch.toDecide) };
    });
    carryOutFresh(folded.runs, since, folded.receivedAtMs);
    if (folded.taken > 0) core.changed();
    return folded.taken === limit;
  }

  /** One alert that cannot be taken up must not hold up all that came after it: then they are taken one by one, and that one goes on the record as failed. */
  async function takeUpAll(): Promise<void> {
    try {
      while (await takeUp());
    } catch (error) {
      if (error instanceof PortError) throw error;
      core.log.error({ error: errorText(error) }, 'a batch of alerts could not be taken up; they are taken one by one');
      for (let left = foldBatch; left > 0; left -= 1) {
        const more = await takeUp(1).catch(async (cause: unknown) => {
          if (cause instanceof PortError) throw cause;
          await core.database.transaction((sql) => setAside(sql, errorText(cause)));
          return true;
        });
        if (!more) break;
      }
      wake();
    }
  }

  async function decideDue(): Promise<boolean> {
    const since = moment(core.clock);
    const { runs, full } = await core.database.transaction(async (sql) => {
      const episodes = await takeDue(sql, episodeBatch);
      return { runs: await judgeEpisodes(sql, core, episodes), full: episodes.length === episodeBatch };
    });
    carryOutFresh(runs, since);
    if (runs.length > 0) core.changed();
    return full;
  }

  async function takeRuns(): Promise<boolean> {
    const room = runsAtOnce - acts.size - acts.pending;
    if (room <= 0) return false;
    const since = moment(core.clock);
    const claimed = await claimDue(
      core.database,
      { by: core.name, leaseMs: core.timings.leaseMs },
      room,
      Object.keys(actions),
    );
    const taken = claimed.filter(({ takenFrom }) => takenFrom !== undefined);
    await append(
      core.database,
      taken.map((run) => ({
        kind: 'takeover',
        incidentId: run.incidentId,
        episodeId: run.episodeId,
        runId: run.id,
        subject: core.name,
        text: `taken over from ${run.takenFrom}`,
        detail: {},
      })),
    );
    for (const run of claimed)
      carryOut(run, since, {
        fresh: false,
        receivedAtMs: undefined,
        late: run.late,
        skewMs: run.storeNowMs - since.wallMs,
      });
    return claimed.length === room;
  }

  async function lookOnce(): Promise<void> {
    const waits = await due(core.database);
    if (waits.alerts) await takeUpAll();
    if (waits.episodes) while (await decideDue());
    if (waits.wishes) await grantWishes(core);
    if (waits.runs || waits.wishes) await takeRuns();
  }

  async function sweep(): Promise<void> {
    await closeSweep(core);
    const since = moment(core.clock);
    carryOutFresh(await core.database.transaction((sql) => escalateSweep(sql, core)), since);
    const { rows, oldestAgeSeconds } = await inboxState(core.database);
    core.instruments.inboxRows.set(rows);
    core.instruments.inboxOldestAge.set(oldestAgeSeconds);
    const [open] = await core.database.query<{ count: number }>(
      'select count(*)::int as count from episode where closed_at is null',
    );
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
        every(core.timings.tickMs, 'evidence', () => evidenceSweep(core), signal),
        every(core.timings.reconcileMs, 'times', () => timesSweep(core), signal),
        every(core.timings.reconcileMs, 'alertmanager', () => alertmanagerSweep(core), signal),
      ]);
      await acts.onIdle();
    },
  };
}
