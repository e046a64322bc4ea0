import type { Run, RunState, Subject } from '../records.ts';
import type { Sql } from './database.ts';
import { withoutNulls } from './incidents.ts';

const columns = `id, incident_id as "incidentId", episode_id as "episodeId", alertname, step, action, params, target, change, says, state, reason,
  requested_by as "requestedBy", approvals, approvals_needed as "approvalsNeeded", break_glass as "breakGlass", created_at as "createdAtMs",
  intended_at as "intendedAtMs", acted_at as "actedAtMs", finished_at as "finishedAtMs", deadline as "deadlineMs", attempts, fence::int as fence`;

/** What is written before anything is done. */
export interface NewRun {
  readonly incidentId: string;
  readonly episodeId: string | undefined;
  readonly alertname: string | undefined;
  readonly step: number | undefined;
  readonly action: string;
  readonly params: unknown;
  readonly target: string;
  readonly change: unknown;
  readonly says: string;
  readonly state: 'proposed' | 'intended';
  readonly requestedBy: Subject;
  readonly approvalsNeeded: number;
  readonly breakGlass: boolean;
  /** A proposal lapses, an intent must be verified, this many milliseconds from now. */
  readonly deadlineInMs: number;
}

/** Who holds a claimed run and for how long. */
export interface Claim {
  readonly by: string;
  readonly leaseMs: number;
}

/** Writes the intent, claimed at once by whoever goes on with it, or for the next replica that looks; undefined when another run holds the target. */
export async function insertRun(sql: Sql, run: NewRun, claim: Claim | undefined): Promise<Run | undefined> {
  const [row] = await sql.query<object>(
    `insert into run (incident_id, episode_id, alertname, step, action, params, target, change, says, state, requested_by, approvals_needed, break_glass,
       intended_at, deadline, due_at, lease_by, lease_until, fence)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, case when $10 = 'intended' then clock_timestamp() end,
       clock_timestamp() + make_interval(secs => $14::float8 / 1000),
       case when $10 = 'intended' then clock_timestamp() else clock_timestamp() + make_interval(secs => $14::float8 / 1000) end,
       $15, clock_timestamp() + make_interval(secs => $16::float8 / 1000), 1)
     on conflict (target) where state in ('intended', 'verifying') do nothing
     returning ${columns}`,
    [
      run.incidentId,
      run.episodeId ?? null,
      run.alertname ?? null,
      run.step ?? null,
      run.action,
      JSON.stringify(run.params),
      run.target,
      JSON.stringify(run.change),
      run.says,
      run.state,
      run.requestedBy,
      run.approvalsNeeded,
      run.breakGlass,
      run.deadlineInMs,
      run.state === 'intended' ? (claim?.by ?? null) : null,
      claim?.leaseMs ?? null,
    ],
  );
  return row && withoutNulls<Run>(row);
}

/** A run as it was claimed. */
export interface ClaimedRun extends Run {
  /** The replica that held it last, if it was another. */
  readonly takenFrom: string | undefined;
  /** Whether its deadline had passed, by the store's clock. */
  readonly late: boolean;
  /** The store's clock when it was claimed. */
  readonly storeNowMs: number;
}

/** Runs of these actions that are due and that nobody holds, claimed under a lease on the database's clock; the fence grows with each claim. A replica of an older version leaves alone what it does not know. */
export async function claimDue(
  sql: Sql,
  claim: Claim,
  limit: number,
  actions: readonly string[],
): Promise<ClaimedRun[]> {
  const rows = await sql.query<object>(
    `update run set lease_by = $1, lease_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000), fence = fence + 1
     from (select id as due_id, lease_by as previous from run
           where state in ('proposed', 'intended', 'verifying') and due_at <= clock_timestamp() and (lease_until is null or lease_until < clock_timestamp()) and action = any($4::text[])
           order by due_at limit $3 for update skip locked) due
     where id = due_id
     returning ${columns}, case when previous <> $1 then previous end as "takenFrom", coalesce(deadline < clock_timestamp(), false) as late, clock_timestamp() as "storeNowMs"`,
    [claim.by, claim.leaseMs, limit, [...actions]],
  );
  return rows.map((row) => withoutNulls<ClaimedRun>(row));
}

/** Holds a run for longer; false when it is no longer ours. */
export async function renewRun(sql: Sql, run: Pick<Run, 'id' | 'fence'>, claim: Claim): Promise<boolean> {
  const rows = await sql.query<{ id: string }>(
    'update run set lease_until = clock_timestamp() + make_interval(secs => $4::float8 / 1000) where id = $1 and fence = $2 and lease_by = $3 returning id',
    [run.id, run.fence, claim.by, claim.leaseMs],
  );
  return rows.length > 0;
}

/** A step of a run's life; every write carries the fence it was claimed with. */
export interface RunUpdate {
  readonly state: RunState;
  readonly reason?: string | undefined;
  /** Look again this many milliseconds from now; a state that is final needs none. */
  readonly dueInMs?: number | undefined;
  /** A new deadline this many milliseconds from now. */
  readonly deadlineInMs?: number | undefined;
  readonly acted?: boolean;
  readonly change?: unknown;
}

const open: ReadonlySet<RunState> = new Set(['proposed', 'intended', 'verifying']);

/** Writes the step and gives the run back; false when the lease was lost to another replica. */
export async function updateRun(sql: Sql, run: Pick<Run, 'id' | 'fence'>, update: RunUpdate): Promise<boolean> {
  const rows = await sql.query<{ id: string }>(
    `update run set state = $3, reason = $4, attempts = attempts + 1, lease_by = null, lease_until = null,
       due_at = clock_timestamp() + make_interval(secs => $5::float8 / 1000),
       deadline = coalesce(clock_timestamp() + make_interval(secs => $6::float8 / 1000), deadline),
       acted_at = case when $7 then coalesce(acted_at, clock_timestamp()) else acted_at end,
       intended_at = case when $3 = 'intended' then coalesce(intended_at, clock_timestamp()) else intended_at end,
       change = coalesce($8::jsonb, change),
       finished_at = case when $9 then clock_timestamp() end
     where id = $1 and fence = $2 returning id`,
    [
      run.id,
      run.fence,
      update.state,
      update.reason ?? null,
      update.dueInMs ?? null,
      update.deadlineInMs ?? null,
      update.acted ?? false,
      update.change === undefined ? null : JSON.stringify(update.change),
      !open.has(update.state),
    ],
  );
  return rows.length > 0;
}

/** Runs that limits look at: all that are open, and those intended within `windowMs`. */
export async function recentRuns(sql: Sql, windowMs: number): Promise<Run[]> {
  const rows = await sql.query<object>(
    `select ${columns} from run where state in ('proposed', 'intended', 'verifying') or intended_at > clock_timestamp() - make_interval(secs => $1::float8 / 1000) order by created_at`,
    [windowMs],
  );
  return rows.map((row) => withoutNulls<Run>(row));
}

/** Runs of these episodes, oldest first: how far each runbook got. */
export async function runsOfEpisodes(sql: Sql, episodeIds: readonly string[]): Promise<Run[]> {
  const rows = await sql.query<object>(
    `select ${columns} from run where episode_id = any($1::bigint[]) order by created_at`,
    [[...episodeIds]],
  );
  return rows.map((row) => withoutNulls<Run>(row));
}

/** Runs of an incident, oldest first. */
export async function runsOfIncident(sql: Sql, incidentId: string): Promise<Run[]> {
  const rows = await sql.query<object>(`select ${columns} from run where incident_id = $1 order by created_at`, [
    incidentId,
  ]);
  return rows.map((row) => withoutNulls<Run>(row));
}

/** One run as it stands; by its id or the first eight or more characters of it. */
export async function readRun(sql: Sql, id: string): Promise<Run | undefined> {
  const rows = await sql.query<object>(`select ${columns} from run where id::text like $1 || '%' limit 2`, [id]);
  const [row] = rows;
  return row === undefined || rows.length > 1 ? undefined : withoutNulls<Run>(row);
}

/** One run, locked. */
export async function lockRun(sql: Sql, id: string): Promise<Run | undefined> {
  const [row] = await sql.query<object>(`select ${columns} from run where id::text = $1 for update`, [id]);
  return row && withoutNulls<Run>(row);
}

/** Adds an approval; enough of them make the proposal an intent that is due now. False when another run took the target meanwhile. */
export async function approve(
  sql: Sql,
  runId: string,
  by: Subject,
  enough: boolean,
  options: { breakGlass: boolean; verifyWithinMs: number },
): Promise<boolean> {
  const rows = await sql.query<{ id: string }>(
    `update run set approvals = array_append(approvals, $2), break_glass = break_glass or $4,
       state = case when $3 then 'intended' else state end,
       intended_at = case when $3 then clock_timestamp() end,
       deadline = case when $3 then clock_timestamp() + make_interval(secs => $5::float8 / 1000) else deadline end,
       due_at = case when $3 then clock_timestamp() else due_at end,
       fence = fence + 1, lease_by = null, lease_until = null
     where id::text = $1 and state = 'proposed'
       and not ($3 and exists (select from run other where other.target = run.target and other.state in ('intended', 'verifying')))
     returning id`,
    [runId, by, enough, options.breakGlass, options.verifyWithinMs],
  );
  return rows.length > 0;
}

/** A person says no. */
export async function deny(sql: Sql, runId: string, by: Subject): Promise<boolean> {
  const rows = await sql.query<{ id: string }>(
    `update run set state = 'denied', reason = $2, finished_at = clock_timestamp(), fence = fence + 1, lease_by = null, lease_until = null
     where id::text = $1 and state = 'proposed' returning id`,
    [runId, `denied by ${by}`],
  );
  return rows.length > 0;
}

/** What scale-out added is wanted until it expires. */
export async function putHold(
  sql: Sql,
  hold: { runId: string; target: string; replicas: number; forMs: number },
): Promise<void> {
  await sql.query(
    `insert into hold (run_id, target, replicas, expires_at) values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4::float8 / 1000))
     on conflict (run_id) do nothing`,
    [hold.runId, hold.target, hold.replicas, hold.forMs],
  );
}

/** The most replicas that someone still wants of each target. */
export async function activeHolds(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.query<{ target: string; replicas: number }>(
    'select target, max(replicas)::int as replicas from hold where expires_at > clock_timestamp() group by target',
  );
  return new Map(rows.map((row) => [row.target, row.replicas]));
}

/** What was wanted of each target until it expired within the last week, where nobody wants anything of it now. */
export async function lapsedHolds(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.query<{ target: string; replicas: number }>(
    `select distinct on (target) target, replicas from hold
     where expires_at > clock_timestamp() - interval '7 days'
       and not exists (select from hold other where other.target = hold.target and other.expires_at > clock_timestamp())
     order by target, expires_at desc`,
  );
  return new Map(rows.map((row) => [row.target, row.replicas]));
}
