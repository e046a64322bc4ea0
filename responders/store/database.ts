import pg from 'pg';
import { PortError } from '../../kernel/errors.ts';

/** What the store's functions need of a connection: a pool or one transaction. */
export interface Sql {
  query<Row extends object = Record<string, never>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** PostgreSQL, the one coordinator. */
export interface Database extends Sql {
  /** Runs `work` in one transaction; rolls back on anything thrown. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const timestamptz = 1184;
const int8 = 20;

/** Timestamps arrive as milliseconds since the epoch, bigint keys as text. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === timestamptz) return (text: string) => (pg.types.getTypeParser(timestamptz)(text) as Date).getTime();
    if (oid === int8) return (text: string) => text;
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
  },
};

/** Opens a pool; nothing is reached until the first query. Queries throw PortError, retryable where the store is away. */
export function openDatabase(url: string, options: { max?: number; name?: string } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 16,
    application_name: options.name ?? 'gomeet-responder',
    connectionTimeoutMillis: 3_000,
    query_timeout: 10_000,
    // The server gives up before we do, so that what we take for failed has failed.
    statement_timeout: 9_000,
    // A replica that stands still in a transaction holds locks that the others wait for: the server ends it.
    idle_in_transaction_session_timeout: 5_000,
    keepAlive: true,
    // Statements of a transaction that do not wait for each other go out together.
    pipeline: true,
    types,
  });
  // An idle connection that breaks is replaced by the pool; the next query says so if the store is really away.
  pool.on('error', () => undefined);
  return {
    query: (text, values) => guarded(async () => rows(await pool.query(prepared(text, values)))),
    transaction: (work) => guarded(() => inTransaction(pool, work)),
    close: () => pool.end(),
  };
}

async function inTransaction<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks while it is ours fails the query under way; without a listener it would end the process.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    const begun = client.query('begin');
    begun.catch(ignore);
    const result = await work({ query: async (text, values) => rows(await client.query(prepared(text, values))) });
    await begun;
    await client.query('commit');
    return result;
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    await client.query('rollback').then(
      () => {
        broken = undefined;
      },
      () => undefined,
    );
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

const names = new Map<string, string>();

/** Each distinct statement is parsed by the server once a connection. */
function prepared(text: string, values: readonly unknown[] = []): pg.QueryConfig {
  let name = names.get(text);
  if (name === undefined) {
    name = `q${names.size}`;
    names.set(text, name);
  }
  return { name, text, values: [...values] };
}

function rows<Row>(result: pg.QueryResult): Row[] {
  return result.rows as Row[];
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw asPortError(cause);
  }
}

/** SQLSTATE classes that mean the store is away or busy, not that we erred: connection, transaction state (a replica made read-only, a transaction ended for idling), resources, lock, operator, deadlock. */
const awayClasses = ['08', '25', '53', '55', '57', '40'];

function asPortError(cause: unknown): unknown {
  if (cause instanceof PortError) return cause;
  if (!(cause instanceof Error)) return cause;
  const code = (cause as { code?: unknown }).code;
  if (typeof code === 'string' && code.length === 5) {
    return awayClasses.includes(code.slice(0, 2))
      ? new PortError('postgres', 'unavailable', `SQLSTATE ${code}`, { cause })
      : cause;
  }
  const lost = typeof code === 'string' || /timeout|terminated|Connection|connect/i.test(cause.message);
  return lost ? new PortError('postgres', 'unreachable', 'the store is away', { cause }) : cause;
}
