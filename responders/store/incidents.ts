import type { Sev } from '../../alerts/vocabulary.ts';
import type { Incident, Subject } from '../records.ts';
import type { Sql } from './database.ts';

export const incidentColumns = `id, public_id as "publicId", title, severity, opened_at as "openedAtMs", closed_at as "closedAtMs",
  acknowledged_at as "acknowledgedAtMs", acknowledged_by as "acknowledgedBy", escalated_at as "escalatedAtMs", sev, commander,
  declared_at as "declaredAtMs", postmortem, version`;

type Nullable<T> = { readonly [Key in keyof T]: undefined extends T[Key] ? Exclude<T[Key], undefined> | null : T[Key] };
export type IncidentRow = Nullable<Incident>;

/** SQL's null as undefined, which is what the rest of the house speaks. */
export function withoutNulls<T extends object>(row: object): T {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? undefined])) as T;
}

/** One incident by its id or its public id. */
export async function readIncident(sql: Sql, id: { id: string } | { publicId: string }): Promise<Incident | undefined> {
  const [row] =
    'id' in id
      ? await sql.query<IncidentRow>(`select ${incidentColumns} from incident where id = $1`, [id.id])
      : await sql.query<IncidentRow>(`select ${incidentColumns} from incident where public_id::text = $1`, [
          id.publicId,
        ]);
  return row && withoutNulls<Incident>(row);
}

/** Incidents, newest first; `open` leaves out the closed ones. */
export async function listIncidents(sql: Sql, options: { open?: boolean; limit?: number } = {}): Promise<Incident[]> {
  const rows = await sql.query<IncidentRow>(
    `select ${incidentColumns} from incident where (not $1 or closed_at is null) order by (closed_at is null) desc, opened_at desc limit $2`,
    [options.open ?? false, options.limit ?? 50],
  );
  return rows.map((row) => withoutNulls<Incident>(row));
}

/** Opens incidents and returns their ids in the order given. */
export async function openIncidents(
  sql: Sql,
  incidents: readonly { title: string; severity: string; keys: readonly string[] }[],
): Promise<string[]> {
  if (incidents.length === 0) return [];
  const rows = await sql.query<{ id: string }>(
    `insert into incident (title, severity, keys)
     select e->>'title', e->>'severity', array(select jsonb_array_elements_text(e->'keys'))
     from jsonb_array_elements($1::jsonb) with ordinality as t(e, n) order by n
     returning id`,
    [JSON.stringify(incidents)],
  );
  return rows.map((row) => row.id);
}

/** Open incidents that share a key with any of `keys`. */
export async function openIncidentsByKeys(
  sql: Sql,
  keys: readonly string[],
): Promise<{ id: string; keys: string[] }[]> {
  return await sql.query<{ id: string; keys: string[] }>(
    'select id, keys from incident where closed_at is null and keys && $1::text[] order by id',
    [[...keys]],
  );
}

/** Marks that its buttons changed meaning: older ones are stale from here on. */
export async function bumpVersion(sql: Sql, incidentIds: readonly string[]): Promise<void> {
  if (incidentIds.length > 0)
    await sql.query('update incident set version = version + 1 where id = any($1::bigint[])', [[...incidentIds]]);
}

/** A person has it; returns false when someone already had. */
export async function acknowledge(sql: Sql, incidentId: string, by: Subject): Promise<boolean> {
  const rows = await sql.query<{ id: string }>(
    `update incident set acknowledged_at = clock_timestamp(), acknowledged_by = $2, version = version + 1
     where id = $1 and acknowledged_at is null and closed_at is null returning id`,
    [incidentId, by],
  );
  return rows.length > 0;
}

/** Declares an incident once; a second call raises severity only. Returns whether anything changed. */
export async function declare(
  sql: Sql,
  incidentId: string,
  sev: Sev,
  commander: Subject | undefined,
): Promise<boolean> {
  const rows = await sql.query<{ id: string }>(
    `update incident set declared_at = coalesce(declared_at, clock_timestamp()), sev = least(coalesce(sev, $2), $2), commander = coalesce(commander, $3), version = version + 1
     where id = $1 and (declared_at is null or sev > $2) returning id`,
    [incidentId, sev, commander ?? null],
  );
  return rows.length > 0;
}

/** Records that a person was called; false when one had been called before. */
export async function markEscalated(sql: Sql, incidentId: string): Promise<boolean> {
  const rows = await sql.query<{ id: string }>(
    'update incident set escalated_at = clock_timestamp(), version = version + 1 where id = $1 and escalated_at is null returning id',
    [incidentId],
  );
  return rows.length > 0;
}

/** Closes incidents of which no episode is open and no run under way; returns their ids. A declared one is closed by a person. */
export async function closeFinished(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `update incident i set closed_at = clock_timestamp(), version = version + 1
     where closed_at is null and declared_at is null
       and not exists (select from episode e where e.incident_id = i.id and e.closed_at is null)
       and not exists (select from run r where r.incident_id = i.id and r.state in ('proposed', 'intended', 'verifying'))
     returning id`,
  );
  return rows.map((row) => row.id);
}

/** A person closes a declared incident. */
export async function closeIncident(sql: Sql, incidentId: string, postmortem: string): Promise<boolean> {
  const rows = await sql.query<{ id: string }>(
    'update incident set closed_at = clock_timestamp(), postmortem = $2, version = version + 1 where id = $1 and closed_at is null returning id',
    [incidentId, postmortem],
  );
  return rows.length > 0;
}
