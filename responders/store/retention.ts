import type { Database } from './database.ts';

/** How long the story of a closed incident is kept: long enough for a year's comparison in the reports. */
export const retentionDays = 400;

/** Forgets what is older than the retention: the journal and its incidents, old clicks, old occurrences. */
export async function retain(database: Database, days: number = retentionDays): Promise<void> {
  await database.transaction(async (sql) => {
    const old = `(select id from incident where closed_at < clock_timestamp() - make_interval(days => $1))`;
    await sql.query(`delete from journal where incident_id in ${old}`, [days]);
    await sql.query(`delete from hold where run_id in (select id from run where incident_id in ${old})`, [days]);
    await sql.query(`delete from run where incident_id in ${old}`, [days]);
    await sql.query(`delete from episode where incident_id in ${old}`, [days]);
    await sql.query('delete from incident where closed_at < clock_timestamp() - make_interval(days => $1)', [days]);
    await sql.query(`delete from scene where at < clock_timestamp() - interval '30 days'`);
    await sql.query(`delete from seen where at < clock_timestamp() - interval '1 day'`);
    await sql.query(`delete from occurrence where at < clock_timestamp() - interval '7 days'`);
  });
}

/** Takes a person out of the record: every mention of the subject becomes `erased`. Returns how many rows held it. */
export async function erase(database: Database, subject: string): Promise<number> {
  return await database.transaction(async (sql) => {
    const counts = [
      await sql.query<{ id: string }>(`update journal set subject = 'erased' where subject = $1 returning id`, [subject]),
      await sql.query<{ id: string }>(
        `update journal set text = replace(text, $1, 'erased'), detail = replace(detail::text, to_jsonb($1::text)::text, '"erased"')::jsonb
         where position($1 in text) > 0 or position(to_jsonb($1::text)::text in detail::text) > 0 returning id`,
        [subject],
      ),
      await sql.query<{ id: string }>(`update run set requested_by = case when requested_by = $1 then 'erased' else requested_by end, approvals = array_replace(approvals, $1, 'erased')
         where requested_by = $1 or $1 = any(approvals) returning id::text`, [subject]),
      await sql.query<{ id: string }>(`update incident set acknowledged_by = nullif(acknowledged_by, $1), commander = nullif(commander, $1) where acknowledged_by = $1 or commander = $1 returning id`, [subject]),
      await sql.query<{ id: string }>(`update control set set_by = 'erased' where set_by = $1 returning name as id`, [subject]),
    ];
    return counts.reduce((sum, rows) => sum + rows.length, 0);
  });
}
