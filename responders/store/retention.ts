import type { Database } from './database.ts';

/** How long the story of a closed incident is kept: long enough for a year's comparison in the reports. */
const storyDays = 400;

const ofOldIncident = 'in (select id from incident where closed_at < now() - make_interval(days => $1))';

/** What is forgotten and after how many days, in the order that the references want. */
const forgotten: readonly { readonly table: string; readonly where: string; readonly days: number }[] = [
  { table: 'journal', where: `incident_id ${ofOldIncident}`, days: storyDays },
  { table: 'hold', where: `run_id in (select id from run where incident_id ${ofOldIncident})`, days: storyDays },
  { table: 'run', where: `incident_id ${ofOldIncident}`, days: storyDays },
  { table: 'episode', where: `incident_id ${ofOldIncident}`, days: storyDays },
  { table: 'incident', where: `id ${ofOldIncident}`, days: storyDays },
  { table: 'journal', where: `incident_id is null and ${olderThan('at')}`, days: storyDays },
  { table: 'booked_step', where: olderThan('until_at'), days: storyDays },
  { table: 'scene', where: olderThan('at'), days: 30 },
  { table: 'wish', where: olderThan('asked_at'), days: 30 },
  { table: 'occurrence', where: olderThan('at'), days: 7 },
  { table: 'seen', where: olderThan('at'), days: 1 },
];

function olderThan(column: string): string {
  return `${column} < now() - make_interval(days => $1)`;
}

/** Forgets what is older than the retention: the journal and its incidents, old clicks, old occurrences. */
export async function retain(database: Database): Promise<void> {
  await database.transaction(async (sql) => {
    for (const { table, where, days } of forgotten) await sql.query(`delete from ${table} where ${where}`, [days]);
  });
}

/** Columns in which a subject may be named, by table. */
const mentions: Readonly<Record<string, Readonly<Record<string, 'text' | 'jsonb' | 'text[]'>>>> = {
  journal: { subject: 'text', text: 'text', detail: 'jsonb' },
  run: { requested_by: 'text', approvals: 'text[]', reason: 'text', says: 'text' },
  incident: { title: 'text', acknowledged_by: 'text', commander: 'text', postmortem: 'text' },
  control: { set_by: 'text', reason: 'text', value: 'jsonb' },
  wish: { asked_by: 'text', answer: 'jsonb' },
  scale_rule: { set_by: 'text' },
  scene: { seen: 'jsonb' },
};

/** Takes a person out of the record: wherever the subject is named, also in the middle of a sentence, it becomes `erased`. Returns how many rows named it. */
export async function erase(database: Database, subject: string): Promise<number> {
  // The whole name only: `console:al` is not `console:alex`.
  const pattern = `(?<![\\w@:/-])${subject.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?![\\w@-]|[.:/][\\w])`;
  return await database.transaction(async (sql) => {
    let rows = 0;
    for (const [table, columns] of Object.entries(mentions)) {
      const set = Object.entries(columns)
        .map(([name, type]) => `${name} = regexp_replace(${name}::text, $1, 'erased', 'g')::${type}`)
        .join(', ');
      const where = Object.keys(columns)
        .map((name) => `${name}::text ~ $1`)
        .join(' or ');
      rows += (await sql.query(`update ${table} set ${set} where ${where} returning 1`, [pattern])).length;
    }
    return rows;
  });
}
