import type { Database } from './database.ts';

/** How long the story of a closed incident is kept: long enough for a year's comparison in the reports. */
export const retentionDays = 400;

/** Forgets what is older than the retention: the journal and its incidents, old clicks, old occurrences. */
export async function retain(database: Database, days: number = retentionDays): Promise<void> {
  await database.transaction(async (sql) => {
    const old = `(select id from incident where closed_at < now() - make_interval(days => $1))`;
    await sql.query(`delete from journal where incident_id in ${old}`, [days]);
    await sql.query(`delete from hold where run_id in (select id from run where incident_id in ${old})`, [days]);
    await sql.query(`delete from run where incident_id in ${old}`, [days]);
    await sql.query(`delete from episode where incident_id in ${old}`, [days]);
    await sql.query('delete from incident where closed_at < now() - make_interval(days => $1)', [days]);
    await sql.query('delete from journal where incident_id is null and at < now() - make_interval(days => $1)', [days]);
    await sql.query(`delete from scene where at < clock_timestamp() - interval '30 days'`);
    await sql.query(`delete from seen where at < clock_timestamp() - interval '1 day'`);
    await sql.query(`delete from wish where asked_at < clock_timestamp() - interval '30 days'`);
    await sql.query('delete from booked_step where until_at < now() - make_interval(days => $1)', [days]);
    await sql.query(`delete from occurrence where at < clock_timestamp() - interval '7 days'`);
  });
}

/** Columns in which a subject may be named, by table; `key` tells rows apart. */
const mentions: readonly {
  readonly table: string;
  readonly key: string;
  readonly columns: readonly { readonly name: string; readonly type: 'text' | 'jsonb' | 'text[]' }[];
}[] = [
  {
    table: 'journal',
    key: 'id',
    columns: [
      { name: 'subject', type: 'text' },
      { name: 'text', type: 'text' },
      { name: 'detail', type: 'jsonb' },
    ],
  },
  {
    table: 'run',
    key: 'id',
    columns: [
      { name: 'requested_by', type: 'text' },
      { name: 'approvals', type: 'text[]' },
      { name: 'reason', type: 'text' },
      { name: 'says', type: 'text' },
    ],
  },
  {
    table: 'incident',
    key: 'id',
    columns: [
      { name: 'title', type: 'text' },
      { name: 'acknowledged_by', type: 'text' },
      { name: 'commander', type: 'text' },
      { name: 'postmortem', type: 'text' },
    ],
  },
  {
    table: 'control',
    key: 'name',
    columns: [
      { name: 'set_by', type: 'text' },
      { name: 'reason', type: 'text' },
      { name: 'value', type: 'jsonb' },
    ],
  },
  {
    table: 'wish',
    key: 'id',
    columns: [
      { name: 'asked_by', type: 'text' },
      { name: 'answer', type: 'jsonb' },
    ],
  },
  { table: 'scale_rule', key: 'name', columns: [{ name: 'set_by', type: 'text' }] },
  { table: 'scene', key: 'id', columns: [{ name: 'seen', type: 'jsonb' }] },
];

/** Takes a person out of the record: wherever the subject is named, also in the middle of a sentence, it becomes `erased`. Returns how many rows named it. */
export async function erase(database: Database, subject: string): Promise<number> {
  // The whole name only: `console:al` is not `console:alex`.
  const pattern = `(?<![\\w@:/-])${subject.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?![\\w@-]|[.:/][\\w])`;
  return await database.transaction(async (sql) => {
    let rows = 0;
    for (const { table, key, columns } of mentions) {
      const set = columns
        .map(({ name, type }) => `${name} = regexp_replace(${name}::text, $1, 'erased', 'g')::${type}`)
        .join(', ');
      const where = columns.map(({ name }) => `${name}::text ~ $1`).join(' or ');
      rows += (
        await sql.query<{ key: string }>(`update ${table} set ${set} where ${where} returning ${key}::text as key`, [
          pattern,
        ])
      ).length;
    }
    return rows;
  });
}
