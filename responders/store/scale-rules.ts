import type { Subject } from '../records.ts';
import type { Hours } from '../scaling/hours.ts';
import type { Sql } from './database.ts';

/** More of a workload at certain hours, or for a while after an event. */
export interface ScaleRule {
  readonly name: string;
  readonly workload: string;
  readonly replicas: number;
  /** Of a schedule. */
  readonly hours?: Hours | undefined;
  /** Of an event: how long it lasts from when it is told, in milliseconds. */
  readonly lastsMs?: number | undefined;
  readonly setBy: Subject;
}

interface Row extends Omit<ScaleRule, 'hours' | 'lastsMs'> {
  readonly hours: Hours | null;
  readonly lastsMs: number | null;
  readonly leftMs: number | null;
}

/** Writes a rule, in the place of one of the same name. */
export async function putScaleRule(sql: Sql, rule: ScaleRule): Promise<void> {
  const { name, workload, replicas, hours, lastsMs, setBy } = rule;
  await sql.query(
    `insert into scale_rule (name, workload, replicas, hours, lasts_ms, set_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (name) do update set workload = $2, replicas = $3, hours = $4, lasts_ms = $5, set_by = $6, until_at = null`,
    [name, workload, replicas, hours === undefined ? null : JSON.stringify(hours), lastsMs ?? null, setBy],
  );
}

/** Every rule by name, with the time that is left of an event that was told, in milliseconds by the store's clock. */
export async function scaleRules(sql: Sql): Promise<readonly (ScaleRule & { readonly leftMs: number | undefined })[]> {
  const rows = await sql.query<Row>(
    `select name, workload, replicas, hours, lasts_ms::float8 as "lastsMs", set_by as "setBy",
       (extract(epoch from until_at - clock_timestamp()) * 1000)::float8 as "leftMs" from scale_rule order by name`,
  );
  return rows.map(({ hours, lastsMs, leftMs, ...row }) => ({
    ...row,
    hours: hours ?? undefined,
    lastsMs: lastsMs ?? undefined,
    leftMs: leftMs !== null && leftMs > 0 ? leftMs : undefined,
  }));
}

/** Takes a rule away; false when there is none. What it raised lapses. */
export async function dropScaleRule(sql: Sql, name: string): Promise<boolean> {
  return (await sql.query('delete from scale_rule where name = $1 returning name', [name])).length > 0;
}

/** An event has come: its rule is in force from now on. Told again while it lasts, it lasts from now. The rule, or undefined when no event has that name. */
export async function tellScaleEvent(sql: Sql, name: string): Promise<ScaleRule | undefined> {
  await sql.query(
    'update scale_rule set until_at = clock_timestamp() + make_interval(secs => lasts_ms / 1000.0) where name = $1 and lasts_ms is not null',
    [name],
  );
  return (await scaleRules(sql)).find((rule) => rule.name === name && rule.lastsMs !== undefined);
}

/** Lets what a runbook raised on a target stand for exactly so long from now; what it raised on any other target lapses now. */
export async function holdExactly(
  sql: Sql,
  runbook: string,
  wanted: readonly { readonly target: string; readonly forMs: number }[],
): Promise<void> {
  await sql.query(
    `update hold set expires_at = clock_timestamp() + make_interval(secs => coalesce(w.for_ms, 0) / 1000)
     from run left join (select * from unnest($2::text[], $3::float8[]) as t(target, for_ms)) w using (target)
     where run.id = hold.run_id and run.alertname = $1 and hold.expires_at > clock_timestamp()`,
    [runbook, wanted.map(({ target }) => target), wanted.map(({ forMs }) => forMs)],
  );
}
