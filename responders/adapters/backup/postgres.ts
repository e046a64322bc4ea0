import type { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import pg from 'pg';
import { errorText, PortError, UsageError } from '../../../kernel/errors.ts';
import type { BackupSource, RestoreOutcome, RestoreTarget } from '../../backup/define.ts';
import { osPipe } from './os-pipe.ts';
import { findPostgresTools, startDump, startRestore } from './postgres-tools.ts';
import { findZstd, startPacking, startUnpacking, type Zstd } from './zstd.ts';

const peer = 'postgresql';
/** A restore that is under way, or broke off, stands beside its target under this ending. */
const unfinished = '__restoring';

/** The product's PostgreSQL as something to back up. One snapshot for the dump and for the counts, so that a restore can be held against them exactly. */
export function postgresSource(url: string, { zstd = findZstd() }: { readonly zstd?: Zstd } = {}): BackupSource {
  return {
    component: 'postgresql',
    ending: '.dump',
    async dump(signal) {
      const client = await connect(url);
      try {
        const major = Math.floor(
          Number((await client.query('show server_version_num')).rows[0]?.server_version_num) / 10_000,
        );
        const tools = await findPostgresTools(major);
        await client.query('begin transaction isolation level repeatable read, read only');
        const { rows } = await client.query(
          `select pg_export_snapshot() as snapshot, extract(epoch from now()) * 1000 as at, current_setting('server_version') as version`,
        );
        // A slow backup is better than none: without a pipe the dump goes through this process, as where there is no zstd.
        const pipe = zstd === false ? undefined : await osPipe().catch(() => undefined);
        const packing = zstd === false || pipe === undefined ? undefined : await startPacking(zstd, pipe, signal);
        const { stdout, ended } = startDump(tools, url, { snapshot: String(rows[0]?.snapshot), into: pipe }, signal);
        const stream = packing?.output ?? stdout;
        if (stream === undefined) throw new Error('pg_dump was started without a pipe');
        // It may end in an error before anyone reads it; whoever does is told then, and nobody else has to hear.
        stream.on('error', () => undefined);
        // Counted beside the dump: both see the snapshot that this transaction holds.
        const settled = Promise.all([countRows(client), ended, packing?.plainBytes]).finally(() =>
          client.end().catch(() => undefined),
        );
        settled.catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
        return {
          stream,
          packed: packing !== undefined,
          async facts() {
            const [counts, , plainBytes] = await settled.catch((error: unknown) => {
              throw asPortError(error);
            });
            return {
              recoveryPointMs: Number(rows[0]?.at),
              counts,
              notes: { server: String(rows[0]?.version), major: String(major) },
              plainBytes,
            };
          },
        };
      } catch (error) {
        await client.end().catch(() => undefined);
        throw asPortError(error);
      }
    },
  };
}

/** Where a dump of PostgreSQL goes: a database of its own on the server of `url`. */
export interface PostgresTargetOptions {
  /** The server; its database is the one connected to for making another. */
  readonly url: string;
  readonly database: string;
  /** URL of the database that production uses, to know it by. */
  readonly productionUrl: string | undefined;
  /** Made for a check: it may be replaced without asking, and is dropped afterwards. */
  readonly scratch?: boolean;
  /** Of the step that restores: a database that bears it is the one that this step has made, whose answer was lost. */
  readonly stamp?: string;
  readonly zstd?: Zstd;
  readonly now: () => number;
}

/** Restores into a database beside the target, counts, and only then gives it the target's name. What had the name before keeps its data under another one. */
export function postgresTarget(options: PostgresTargetOptions): RestoreTarget {
  const { url, database, zstd = findZstd() } = options;
  const building = `${database}${unfinished}`;
  const at = (name: string) => Object.assign(new URL(url), { pathname: `/${encodeURIComponent(name)}` }).href;
  const production = isSameDatabase(at(database), options.productionUrl);
  async function take(
    dump: Readable,
    signal: AbortSignal,
    unpackWith: Zstd,
    plainBytes?: number,
  ): Promise<RestoreOutcome> {
    const { stamp } = options;
    if (stamp !== undefined && (await withClient(url, (client) => commentOf(client, database))) === stamp) {
      dump.resume();
      await finished(dump);
      return {
        counts: await withClient(at(database), countRows),
        says: `${database} was restored by an earlier try`,
      };
    }
    const tools = await withClient(url, async (client) => {
      const { rows } = await client.query('show server_version_num');
      await dropDatabase(client, building);
      await client.query(`create database ${quoted(building)} template template0`);
      return await findPostgresTools(Math.floor(Number(rows[0]?.server_version_num) / 10_000));
    });
    const pipe = unpackWith === false ? undefined : await osPipe();
    const { stdin, ended } = startRestore(tools, at(building), pipe, signal);
    const unpacking = unpackWith === false || pipe === undefined ? undefined : startUnpacking(unpackWith, pipe, signal);
    const input = unpacking?.input ?? stdin;
    if (input === undefined) throw new Error('pg_restore was started without a pipe');
    // The programs' own words come first: when one ends early, the pipe breaks and says nothing.
    const [piped, ran, unpacked] = await Promise.allSettled([
      pipeline(dump, input, { signal }),
      ended,
      unpacking?.plainBytes,
    ]);
    if (piped.status === 'rejected' && !isBrokenPipe(piped.reason)) throw piped.reason;
    for (const one of [ran, unpacked, piped]) if (one.status === 'rejected') throw one.reason;
    const found = unpacked.status === 'fulfilled' ? unpacked.value : undefined;
    if (found !== undefined && plainBytes !== undefined && found !== plainBytes)
      throw new PortError('backup', 'invalid', `the dump has ${found} bytes instead of ${plainBytes}`);
    const counts = await withClient(at(building), countRows);
    if (stamp !== undefined)
      await withClient(url, (client) =>
        client.query(`comment on database ${quoted(building)} is ${pg.escapeLiteral(stamp)}`),
      );
    const kept = await withClient(url, (client) => swap(client, { ...options, building }));
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return {
      counts,
      says: `${Object.keys(counts).length} tables, ${rows} rows in ${database}${kept === undefined ? '' : `; what was there is kept as ${kept}`}`,
    };
  }
  return {
    component: 'postgresql',
    name: database,
    production,
    async plan() {
      if (!/^[a-z_][a-z0-9_-]{0,40}$/.test(database))
        throw new UsageError(
          `${JSON.stringify(database)}: a target is a database name of small letters, digits, _ and -`,
        );
      const there = await withClient(url, async (client) => await exists(client, database));
      const name = `${new URL(url).host}/${database}`;
      if (!there) return `make the database ${name} and restore into it`;
      if (options.scratch === true) return `replace the scratch database ${name}`;
      return `restore beside ${name}, count, and swap: what is there now is kept as ${database}_before_<time>`;
    },
    restore: (dump, _expected, signal) => take(dump, signal, false),
    ...(zstd === false
      ? {}
      : {
          restorePacked: (dump: Readable, plainBytes: number | undefined, signal: AbortSignal) =>
            take(dump, signal, zstd, plainBytes),
        }),
    ...(options.scratch === true
      ? {
          async drop() {
            await withClient(url, async (client) => {
              await dropDatabase(client, database);
              await dropDatabase(client, building);
            });
          },
        }
      : {}),
  };
}

async function swap(
  client: pg.Client,
  { building, database, scratch, now }: PostgresTargetOptions & { readonly building: string },
): Promise<string | undefined> {
  let kept: string | undefined;
  if (await exists(client, database)) {
    if (scratch === true) await dropDatabase(client, database);
    else {
      kept = `${database}_before_${new Date(now()).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_')}`;
      await endSessions(client, database);
      await client.query(`alter database ${quoted(database)} rename to ${quoted(kept)}`);
    }
  }
  await client.query(`alter database ${quoted(building)} rename to ${quoted(database)}`);
  return kept;
}

/** Rows of every table, by `schema.table`. */
async function countRows(client: pg.Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
     union all
     select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'p' and not c.relispartition
     order by 1, 2`,
  );
  const counts: Record<string, number> = {};
  for (const { schema, name } of rows) {
    const { rows: found } = await client.query(`select count(*) as rows from ${quoted(schema)}.${quoted(name)}`);
    counts[`${schema}.${name}`] = Number(found[0]?.rows);
  }
  return counts;
}

async function commentOf(client: pg.Client, database: string): Promise<string | undefined> {
  const { rows } = await client.query<{ comment: string | null }>(
    `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`,
    [database],
  );
  return rows[0]?.comment ?? undefined;
}

async function exists(client: pg.Client, database: string): Promise<boolean> {
  return (await client.query('select 1 from pg_database where datname = $1', [database])).rowCount === 1;
}

async function endSessions(client: pg.Client, database: string): Promise<void> {
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
    [database],
  );
}

async function dropDatabase(client: pg.Client, database: string): Promise<void> {
  await client.query(`drop database if exists ${quoted(database)} with (force)`);
}

function quoted(name: string): string {
  return pg.escapeIdentifier(name);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } catch (error) {
    throw asPortError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'gomeet-backup',
    keepAlive: true,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw asPortError(cause);
  }
  return client;
}

function asPortError(cause: unknown): unknown {
  if (cause instanceof PortError || cause instanceof UsageError || !(cause instanceof Error)) return cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (code === '28P01' || code === '28000') return new PortError(peer, 'unauthorized', 'the password is not accepted');
  if (code === '53100') return new PortError(peer, 'unavailable', 'the disk of the server is full');
  if (/^[0-9A-Z]{5}$/.test(code))
    return new PortError(peer, code === '42501' ? 'forbidden' : 'invalid', `${errorText(cause)} (SQLSTATE ${code})`);
  return new PortError(peer, 'unreachable', `cannot be reached${code === '' ? '' : `, ${code}`}`, { cause });
}

function isBrokenPipe(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')
  );
}

function isSameDatabase(url: string, other: string | undefined): boolean {
  if (other === undefined) return false;
  const [a, b] = [new URL(url), new URL(other)];
  return a.hostname === b.hostname && (a.port || '5432') === (b.port || '5432') && a.pathname === b.pathname;
}
