import type { JournalEntry, JournalKind, Subject } from '../records.ts';
import type { Sql } from './database.ts';

/** A line to be written; ids of what it is about where there are any. */
export interface NewEntry {
  readonly kind: JournalKind;
  readonly incidentId?: string | undefined;
  readonly episodeId?: string | undefined;
  readonly runId?: string | undefined;
  readonly subject: Subject;
  readonly text: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Appends lines in the order given. */
export async function append(sql: Sql, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await sql.query(
    `insert into journal (kind, incident_id, episode_id, run_id, subject, text, detail)
     select e->>'kind', (e->>'incidentId')::bigint, (e->>'episodeId')::bigint, (e->>'runId')::uuid, e->>'subject', e->>'text', coalesce(e->'detail', '{}')
     from jsonb_array_elements($1::jsonb) with ordinality as t(e, n) order by n`,
    [JSON.stringify(entries)],
  );
}

const columns = `id, at as "atMs", kind, incident_id as "incidentId", episode_id as "episodeId", run_id as "runId", subject, text, detail`;

interface Row extends Omit<JournalEntry, 'incidentId' | 'episodeId' | 'runId'> {
  readonly incidentId: string | null;
  readonly episodeId: string | null;
  readonly runId: string | null;
}

function entry(row: Row): JournalEntry {
  return {
    ...row,
    incidentId: row.incidentId ?? undefined,
    episodeId: row.episodeId ?? undefined,
    runId: row.runId ?? undefined,
  };
}

/** Lines after `after`, oldest first; of one incident or episode if asked. */
export async function readJournal(
  sql: Sql,
  where: {
    after?: string;
    incidentId?: string;
    episodeId?: string;
    runId?: string;
    kind?: JournalKind;
    limit?: number;
    newestFirst?: boolean;
  },
): Promise<JournalEntry[]> {
  const rows = await sql.query<Row>(
    `select ${columns} from journal
     where id > $1 and ($2::bigint is null or incident_id = $2) and ($3::bigint is null or episode_id = $3) and ($5::text is null or kind = $5) and ($6::uuid is null or run_id = $6)
     order by id ${where.newestFirst ? 'desc' : 'asc'} limit $4`,
    [
      where.after ?? '0',
      where.incidentId ?? null,
      where.episodeId ?? null,
      where.limit ?? 1_000,
      where.kind ?? null,
      where.runId ?? null,
    ],
  );
  return rows.map(entry);
}
