import type { Sql } from './database.ts';

/** True the first time a key is given, false ever after: replayed clicks and signatures. */
export async function firstTime(sql: Sql, key: string): Promise<boolean> {
  return (
    (await sql.query<{ key: string }>('insert into seen (key) values ($1) on conflict do nothing returning key', [key]))
      .length > 0
  );
}

/** Claims one occurrence of a schedule for this replica; false when another has it. */
export async function claimOccurrence(sql: Sql, name: string, atMs: number, by: string): Promise<boolean> {
  const rows = await sql.query<{ name: string }>(
    'insert into occurrence (name, at, claimed_by) values ($1, to_timestamp($2::float8 / 1000), $3) on conflict do nothing returning name',
    [name, atMs, by],
  );
  return rows.length > 0;
}

/** Remembers when a schedule is due next, so that one missed while nobody ran is seen. */
export async function putNextRun(sql: Sql, name: string, atMs: number): Promise<void> {
  await sql.query(
    'insert into schedule (name, next_at) values ($1, to_timestamp($2::float8 / 1000)) on conflict (name) do update set next_at = excluded.next_at',
    [name, atMs],
  );
}

/** When a schedule was due next, as last remembered. */
export async function nextRun(sql: Sql, name: string): Promise<number | undefined> {
  const [row] = await sql.query<{ nextAtMs: number }>('select next_at as "nextAtMs" from schedule where name = $1', [
    name,
  ]);
  return row?.nextAtMs;
}

/** A schedule that should have run more than `lateSeconds` ago and did not; undefined when none. */
export async function overdueSchedule(sql: Sql, lateSeconds: number): Promise<string | undefined> {
  const [row] = await sql.query<{ name: string }>(
    'select name from schedule where next_at < clock_timestamp() - make_interval(secs => $1) order by next_at limit 1',
    [lateSeconds],
  );
  return row?.name;
}
