import type { Sql } from './database.ts';

/** True the first time a key is given, false ever after: replayed clicks and signatures. */
export async function firstTime(sql: Sql, key: string): Promise<boolean> {
  return (await sql.query<{ key: string }>('insert into seen (key) values ($1) on conflict do nothing returning key', [key])).length > 0;
}

/** Claims one occurrence of a schedule for this replica; false when another has it. */
export async function claimOccurrence(sql: Sql, name: string, atMs: number, by: string): Promise<boolean> {
  const rows = await sql.query<{ name: string }>(
    'insert into occurrence (name, at, claimed_by) values ($1, to_timestamp($2::float8 / 1000), $3) on conflict do nothing returning name',
    [name, atMs, by],
  );
  return rows.length > 0;
}

/** When a schedule last ran, in milliseconds since the epoch. */
export async function lastOccurrence(sql: Sql, name: string): Promise<number | undefined> {
  const [row] = await sql.query<{ at: number | null }>('select max(at) as at from occurrence where name = $1', [name]);
  return row?.at ?? undefined;
}
