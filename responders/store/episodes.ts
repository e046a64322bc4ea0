import type { RefusalReason } from '../decide/reasons.ts';
import type { Episode } from '../records.ts';
import type { Sql } from './database.ts';
import { withoutNulls } from './incidents.ts';

const columns = `id, fingerprint, alertname, labels, annotations, incident_id as "incidentId", opened_at as "openedAtMs", starts_at as "startsAtMs",
  last_seen_at as "lastSeenAtMs", resolved_at as "resolvedAtMs", closed_at as "closedAtMs", (silenced or inhibited) as silenced, refusal, noise`;

/** A new episode, before it has an id. */
export interface NewEpisode {
  readonly fingerprint: string;
  readonly alertname: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly incidentId: string;
  readonly startsAt: string;
  readonly resolved: boolean;
}

/** Opens episodes and returns them in the order given. */
export async function openEpisodes(sql: Sql, episodes: readonly NewEpisode[]): Promise<Episode[]> {
  if (episodes.length === 0) return [];
  const rows = await sql.query<object>(
    `insert into episode (fingerprint, alertname, labels, annotations, incident_id, starts_at, resolved_at)
     select e->>'fingerprint', e->>'alertname', e->'labels', e->'annotations', (e->>'incidentId')::bigint, (e->>'startsAt')::timestamptz,
       case when (e->>'resolved')::boolean then clock_timestamp() end
     from jsonb_array_elements($1::jsonb) with ordinality as t(e, n) order by n
     returning ${columns}`,
    [JSON.stringify(episodes)],
  );
  return rows.map((row) => withoutNulls<Episode>(row));
}

/** Open episodes of these fingerprints, locked for this transaction. */
export async function openByFingerprint(sql: Sql, fingerprints: readonly string[]): Promise<Episode[]> {
  const rows = await sql.query<object>(
    `select ${columns} from episode where closed_at is null and fingerprint = any($1::text[]) for update`,
    [[...fingerprints]],
  );
  return rows.map((row) => withoutNulls<Episode>(row));
}

/** Writes what Alertmanager last said of known episodes. */
export async function touchEpisodes(
  sql: Sql,
  seen: readonly { id: string; startsAt: string; annotations: object; resolved: boolean }[],
): Promise<void> {
  if (seen.length === 0) return;
  await sql.query(
    `update episode set last_seen_at = clock_timestamp(), starts_at = (e->>'startsAt')::timestamptz, annotations = e->'annotations',
       resolved_at = case when (e->>'resolved')::boolean then coalesce(resolved_at, clock_timestamp()) end
     from jsonb_array_elements($1::jsonb) as e where id = (e->>'id')::bigint`,
    [JSON.stringify(seen)],
  );
}

/** Episodes that are due to be decided (again), locked for this transaction; other replicas take others. */
export async function takeDue(sql: Sql, limit: number): Promise<Episode[]> {
  const rows = await sql.query<object>(
    `select ${columns} from episode where closed_at is null and due_at <= clock_timestamp() order by due_at limit $1 for update skip locked`,
    [limit],
  );
  return rows.map((row) => withoutNulls<Episode>(row));
}

/** When to look at each again (milliseconds from now; undefined: not before something happens), and the refusal that stands. */
export async function putBack(
  sql: Sql,
  episodes: readonly { id: string; dueInMs: number | undefined; refusal: RefusalReason | undefined }[],
): Promise<void> {
  if (episodes.length === 0) return;
  await sql.query(
    `update episode set due_at = clock_timestamp() + make_interval(secs => (e->>'dueInMs')::float8 / 1000), refusal = e->>'refusal'
     from jsonb_array_elements($1::jsonb) as e where id = (e->>'id')::bigint`,
    [JSON.stringify(episodes)],
  );
}

/** Makes the open episodes of an incident, or one episode, due now, or in a while. */
export async function wake(sql: Sql, which: { incidentId: string } | { episodeId: string }, inMs = 0): Promise<void> {
  const [column, id] = 'incidentId' in which ? ['incident_id', which.incidentId] : ['id', which.episodeId];
  await sql.query(
    `update episode set due_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000) where ${column} = $1 and closed_at is null`,
    [id, inMs],
  );
}

/** Closes episodes that stayed resolved for `flapMs`; returns them. */
export async function closeQuiet(sql: Sql, flapMs: number): Promise<Episode[]> {
  const rows = await sql.query<object>(
    `update episode set closed_at = clock_timestamp()
     where closed_at is null and resolved_at < clock_timestamp() - make_interval(secs => $1::float8 / 1000) returning ${columns}`,
    [flapMs],
  );
  return rows.map((row) => withoutNulls<Episode>(row));
}

/** Every open episode, for the comparison with Alertmanager. */
export async function listOpen(sql: Sql): Promise<Episode[]> {
  const rows = await sql.query<object>(`select ${columns} from episode where closed_at is null order by id`);
  return rows.map((row) => withoutNulls<Episode>(row));
}

/** Episodes of an incident, or the newest ones. */
export async function listEpisodes(
  sql: Sql,
  where: { incidentId?: string; after?: string; limit?: number },
): Promise<Episode[]> {
  const rows = await sql.query<object>(
    `select ${columns} from episode where ($1::bigint is null or incident_id = $1) and id > $2 order by id limit $3`,
    [where.incidentId ?? null, where.after ?? '0', where.limit ?? 500],
  );
  return rows.map((row) => withoutNulls<Episode>(row));
}

/** One episode. */
export async function readEpisode(sql: Sql, id: string): Promise<Episode | undefined> {
  const [row] = await sql.query<object>(`select ${columns} from episode where id = $1`, [id]);
  return row && withoutNulls<Episode>(row);
}

/** What Alertmanager's API says that no webhook did: silenced, inhibited, or gone without a resolved. Wakes what changed. */
export async function markFromApi(
  sql: Sql,
  episodes: readonly { id: string; silenced: boolean; inhibited: boolean; gone: boolean }[],
): Promise<void> {
  if (episodes.length === 0) return;
  await sql.query(
    `update episode set silenced = (e->>'silenced')::boolean, inhibited = (e->>'inhibited')::boolean, due_at = clock_timestamp(),
       resolved_at = case when (e->>'gone')::boolean then coalesce(resolved_at, clock_timestamp()) else resolved_at end
     from jsonb_array_elements($1::jsonb) as e where id = (e->>'id')::bigint`,
    [JSON.stringify(episodes)],
  );
}

/** A person says that this alert was noise. */
export async function markNoise(sql: Sql, incidentId: string): Promise<void> {
  await sql.query('update episode set noise = true where incident_id = $1', [incidentId]);
}
