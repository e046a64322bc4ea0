import type { Database } from './database.ts';

/**
 * Steps of the schema. Only ever added to, and each leaves the version before it working:
 * add columns with defaults, never rename, never drop what the last version reads.
 */
const migrations: readonly string[] = [
  `
  create table inbox (
    id bigint generated always as identity primary key,
    received_at timestamptz not null default clock_timestamp(),
    alert jsonb not null
  );

  create table incident (
    id bigint generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    title text not null,
    severity text not null,
    keys text[] not null,
    opened_at timestamptz not null default clock_timestamp(),
    closed_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    escalated_at timestamptz,
    sev smallint,
    commander text,
    declared_at timestamptz,
    postmortem text,
    version integer not null default 1,
    channel text,
    thread_ts text,
    told_replies bigint not null default 0,
    told_parent bigint not null default 0,
    told_parent_at timestamptz,
    told_parent_state text,
    tell_until timestamptz,
    tell_fence bigint not null default 0,
    tell_uncertain boolean not null default false,
    tell_due_at timestamptz,
    tell_seen bigint not null default 0
  );
  create index incident_open_keys on incident using gin (keys) where closed_at is null;
  create index incident_recent on incident (opened_at desc);

  create table episode (
    id bigint generated always as identity primary key,
    fingerprint text not null,
    alertname text not null,
    labels jsonb not null,
    annotations jsonb not null,
    incident_id bigint not null references incident,
    opened_at timestamptz not null default clock_timestamp(),
    starts_at timestamptz not null,
    last_seen_at timestamptz not null default clock_timestamp(),
    resolved_at timestamptz,
    closed_at timestamptz,
    silenced boolean not null default false,
    inhibited boolean not null default false,
    noise boolean not null default false,
    refusal text,
    due_at timestamptz
  );
  create unique index episode_open on episode (fingerprint) where closed_at is null;
  create index episode_due on episode (due_at) where closed_at is null;
  create index episode_incident on episode (incident_id);

  create table run (
    id uuid primary key default gen_random_uuid(),
    incident_id bigint not null references incident,
    episode_id bigint references episode,
    alertname text,
    step integer,
    action text not null,
    params jsonb not null,
    target text not null,
    change jsonb not null,
    says text not null,
    state text not null,
    reason text,
    requested_by text not null,
    approvals text[] not null default '{}',
    approvals_needed smallint not null default 0,
    break_glass boolean not null default false,
    created_at timestamptz not null default clock_timestamp(),
    intended_at timestamptz,
    acted_at timestamptz,
    finished_at timestamptz,
    deadline timestamptz,
    attempts integer not null default 0,
    due_at timestamptz,
    lease_by text,
    lease_until timestamptz,
    fence bigint not null default 0
  );
  create unique index run_target on run (target) where state in ('intended', 'verifying');
  create index run_due on run (due_at) where state in ('proposed', 'intended', 'verifying');
  create index run_incident on run (incident_id);
  create index run_episode on run (episode_id);
  create index run_intended on run (intended_at);

  create table journal (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    kind text not null,
    incident_id bigint references incident,
    episode_id bigint references episode,
    run_id uuid references run,
    subject text not null,
    text text not null,
    detail jsonb not null default '{}'
  );
  create index journal_incident on journal (incident_id, id);
  create index journal_episode on journal (episode_id, id);

  create table scene (
    id uuid primary key,
    at timestamptz not null default clock_timestamp(),
    seen jsonb not null
  );

  create table control (
    name text primary key,
    value jsonb not null,
    set_by text not null,
    reason text not null,
    set_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz
  );

  create table hold (
    run_id uuid primary key references run,
    target text not null,
    replicas integer not null,
    expires_at timestamptz not null
  );

  create table seen (
    key text primary key,
    at timestamptz not null default clock_timestamp()
  );

  create table schedule (
    name text primary key,
    next_at timestamptz not null
  );

  create table occurrence (
    name text not null,
    at timestamptz not null,
    claimed_by text not null,
    claimed_at timestamptz not null default clock_timestamp(),
    primary key (name, at)
  );
  `,
  `
  create table wish (
    id uuid primary key default gen_random_uuid(),
    asked_at timestamptz not null default clock_timestamp(),
    asked_by text not null,
    action text not null,
    params jsonb not null,
    dry_run boolean not null default false,
    reason text,
    expires_at timestamptz not null,
    run_id uuid,
    answer jsonb,
    answered_at timestamptz
  );
  create index wish_open on wish (asked_at) where answer is null;

  create unique index journal_imported on journal ((detail->>'importedFrom')) where detail ? 'importedFrom';
  `,
  `
  create table monthly_report (
    month text not null,
    edition integer not null,
    issued_at timestamptz not null default clock_timestamp(),
    input jsonb not null,
    input_hash text not null,
    total_micro_usd bigint,
    basis text,
    sent boolean not null default false,
    primary key (month, edition)
  );

  create table booked_step (
    order_at timestamptz not null,
    until_at timestamptz not null,
    nodes integer not null,
    meetings integer not null,
    participants integer not null,
    set_by text not null,
    primary key (order_at)
  );
  `,
  `
  create table scale_rule (
    name text primary key,
    workload text not null,
    replicas integer not null,
    hours jsonb,
    lasts_ms bigint,
    until_at timestamptz,
    set_by text not null
  );
  `,
];

/** Brings the schema up to date; any number of replicas may try at once. */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query(`select pg_advisory_xact_lock(hashtext('gomeet-migrate'))`);
    await sql.query(
      'create table if not exists schema_version (version integer primary key, at timestamptz not null default clock_timestamp())',
    );
    const [row] = await sql.query<{ version: number }>(
      'select coalesce(max(version), 0)::int as version from schema_version',
    );
    const done = row?.version ?? 0;
    for (const [index, step] of migrations.entries()) {
      if (index < done) continue;
      for (const statement of step.split(/;\s*$/m)) if (statement.trim() !== '') await sql.query(statement);
      await sql.query('insert into schema_version (version) values ($1)', [index + 1]);
    }
  });
}
