import type { JournalEntry } from '../records.ts';
import type { TellLease, ThreadStore, ThreadWork } from '../tell/store.ts';
import type { IncidentView } from '../tell/view.ts';
import type { Database } from './database.ts';
import { readJournal } from './journal.ts';

interface Claimed {
  readonly id: string;
  readonly newest: string;
  readonly channel: string | null;
  readonly threadTs: string | null;
  readonly repliesTo: string;
  readonly parentTo: string;
  readonly parentAtMs: number | null;
  readonly parentState: string | null;
  readonly fence: string;
  readonly wasUncertain: boolean;
}

/** Due: something in the journal past what was told, and either its pause is over or something newer came since. */
const claimStatement = `
  with due as (
    select i.id, j.newest, i.tell_uncertain as was_uncertain
    from incident i join lateral (select max(id) as newest from journal where incident_id = i.id) j on true
    where (j.newest > i.told_replies or j.newest > i.told_parent)
      and (i.tell_until is null or i.tell_until < clock_timestamp())
      and (i.tell_due_at is null or i.tell_due_at <= clock_timestamp() or j.newest > i.tell_seen)
    order by (i.severity = 'critical') desc, (i.thread_ts is null) desc, i.id
    limit $1 for update of i skip locked)
  update incident i set tell_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000), tell_fence = tell_fence + 1, tell_uncertain = true, tell_seen = due.newest
  from due where i.id = due.id
  returning i.id, due.newest, i.channel, i.thread_ts as "threadTs", i.told_replies as "repliesTo", i.told_parent as "parentTo", i.told_parent_at as "parentAtMs",
    i.told_parent_state as "parentState", i.tell_fence as fence, due.was_uncertain as "wasUncertain"`;

/** What was told of each incident, over PostgreSQL. `view` reads an incident as a message needs it. */
export function createThreadStore(
  database: Database,
  view: (incidentId: string) => Promise<IncidentView | undefined>,
): ThreadStore {
  const owned = async (lease: TellLease, assignments: string, values: readonly unknown[]): Promise<boolean> =>
    (
      await database.query<{ id: string }>(
        `update incident set ${assignments} where id = $1 and tell_fence = $2 returning id`,
        [lease.incidentId, lease.fence, ...values],
      )
    ).length > 0;

  async function work(row: Claimed, maxEntries: number): Promise<ThreadWork[]> {
    const seen = await view(row.id);
    if (seen === undefined) return [];
    const untold: JournalEntry[] = await readJournal(database, {
      incidentId: row.id,
      after: row.repliesTo,
      limit: maxEntries,
    });
    return [
      {
        lease: { incidentId: row.id, fence: Number(row.fence) },
        view: seen,
        thread: row.channel !== null && row.threadTs !== null ? { channel: row.channel, ts: row.threadTs } : undefined,
        told: {
          repliesTo: row.repliesTo,
          parentTo: row.parentTo,
          parentAtMs: row.parentAtMs ?? undefined,
          parentState: row.parentState ?? undefined,
        },
        untold,
        newest: row.newest,
        uncertain: row.wasUncertain,
      },
    ];
  }

  return {
    async claim({ limit, leaseMs, maxEntries }) {
      const rows = await database.query<Claimed>(claimStatement, [limit, leaseMs]);
      return (await Promise.all(rows.map((row) => work(row, maxEntries)))).flat();
    },
    renew: (lease, leaseMs) =>
      owned(lease, 'tell_until = clock_timestamp() + make_interval(secs => $3::float8 / 1000)', [leaseMs]),
    saveThread: (lease, { channel, ts }) => owned(lease, 'channel = $3, thread_ts = $4', [channel, ts]),
    markTold: (lease, { repliesTo, parent }) =>
      owned(
        lease,
        `told_replies = coalesce($3::bigint, told_replies), told_parent = coalesce($4::bigint, told_parent),
         told_parent_at = coalesce(to_timestamp($5::float8 / 1000), told_parent_at), told_parent_state = coalesce($6, told_parent_state)`,
        [repliesTo ?? null, parent?.to ?? null, parent?.atMs ?? null, parent?.state ?? null],
      ),
    async release(lease, { uncertain, waitMs }) {
      await owned(
        lease,
        'tell_until = null, tell_uncertain = $3, tell_due_at = clock_timestamp() + make_interval(secs => $4::float8 / 1000)',
        [uncertain, waitMs],
      );
    },
  };
}
