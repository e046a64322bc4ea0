import { z } from 'zod';
import { UsageError } from '../../kernel/errors.ts';
import type { Subject } from '../records.ts';
import type { Database, Sql } from './database.ts';
import { openIncidents, openIncidentsByKeys } from './incidents.ts';
import { append } from './journal.ts';

const Line = z.object({
  store: z.string().regex(/^\d{1,20}$/),
  id: z.string().regex(/^\d{1,18}$/),
  atMs: z.number().int().positive(),
  kind: z.string(),
  incidentId: z.string().optional(),
  runId: z.string().optional(),
  subject: z.string(),
  text: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

/** A PostgreSQL's own number, which no other has: entries of different laptops do not mix. */
export async function storeId(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ id: string }>('select system_identifier::text as id from pg_control_system()');
  return row?.id ?? '';
}

/**
 * Takes over a local journal, JSON lines with the number of their store, with the times they had. All or nothing; what is here already is left as it is.
 * Throws a UsageError that names the line.
 */
export async function importJournal(
  database: Database,
  text: string,
  by: Subject,
): Promise<{ imported: number; known: number }> {
  const lines = text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => parseLine(line, number));
  const [first] = lines;
  if (first === undefined) throw new UsageError('the file holds no entries');
  return await database.transaction(async (sql) => {
    const incidentId = await thread(sql, first.store, by);
    const rows = await sql.query<{ id: string }>(
      `insert into journal (at, kind, incident_id, subject, text, detail)
       select to_timestamp((e->>'atMs')::float8 / 1000), e->>'kind', $2::bigint, e->>'subject', e->>'text', e->'detail'
       from jsonb_array_elements($1::jsonb) with ordinality as t(e, n) order by n
       on conflict ((detail->>'importedFrom')) where detail ? 'importedFrom' do nothing returning id::text`,
      [
        JSON.stringify(
          lines.map(({ store, id, incidentId: incident, runId, detail, ...line }) => ({
            ...line,
            detail: { ...detail, importedFrom: `${store}/${id}`, incident, run: runId },
          })),
        ),
        incidentId,
      ],
    );
    const imported = rows.length;
    const subject = { incidentId, subject: by, detail: { store: first.store } };
    if (imported > 0)
      await append(sql, [
        { ...subject, kind: 'status', text: `${imported} entries of a local journal were taken over` },
      ]);
    return { imported, known: lines.length - imported };
  });
}

function parseLine(line: string, number: number): z.infer<typeof Line> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new UsageError(`line ${number} is not JSON; nothing was taken over`);
  }
  const parsed = Line.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`line ${number}: ${issue?.path.join('.')}: ${issue?.message}; nothing was taken over`);
}

async function thread(sql: Sql, store: string, by: Subject): Promise<string> {
  const keys = [`import:${store}`];
  const [open] = await openIncidentsByKeys(sql, keys);
  if (open !== undefined) return open.id;
  const [id] = await openIncidents(sql, [
    { title: `Done without the responder, taken over by ${by}`, severity: 'info', keys },
  ]);
  return id ?? '';
}
