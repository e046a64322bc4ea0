import pg from 'pg';
import { z } from 'zod';
import { assertNever, errorText, PortError } from '../../kernel/errors.ts';
import { hideSecrets } from '../../kernel/secrets.ts';
import type { DatabaseAdmin } from '../database/initialise.ts';
import type { DatabaseStep, DeclaredDatabase, ObservedDatabase } from '../database/plan.ts';
import { scramVerifier } from '../database/scram.ts';

const Names = z.array(z.object({ name: z.string() }));
const Indexes = z.array(z.object({ name: z.string(), valid: z.boolean(), building: z.boolean() }));

/** The server of that administrator's URL. Throws PortErrors that never hold the URL. */
export function createDatabaseAdmin(adminUrl: string): DatabaseAdmin {
  const open = new Map<string, pg.Client>();

  async function on(database: string | undefined): Promise<pg.Client> {
    const key = database ?? '';
    const found = open.get(key);
    if (found !== undefined) return found;
    const url = new URL(adminUrl);
    if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
    const client = new pg.Client({
      connectionString: url.href,
      connectionTimeoutMillis: 10_000,
      application_name: 'gomeet-deploy',
    });
    // Without a listener a server that goes away would end the program.
    client.on('error', () => open.delete(key));
    await guarded(() => client.connect());
    open.set(key, client);
    return client;
  }
  async function rows<T>(
    database: string | undefined,
    schema: z.ZodType<T>,
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<T> {
    const client = await on(database);
    return schema.parse((await guarded(() => client.query(sql, [...values]))).rows);
  }
  async function run(database: string | undefined, sql: string): Promise<void> {
    const client = await on(database);
    await guarded(() => client.query(sql));
  }
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? 'invalid' : 'unreachable';
      const { password, username } = new URL(adminUrl);
      throw new PortError(
        'postgresql',
        code,
        hideSecrets(errorText(error), [adminUrl, decodeURIComponent(password)])
          .replaceAll(username, 'the administrator')
          .slice(0, 300),
      );
    }
  }

  return {
    async observe({ name, indexes }): Promise<ObservedDatabase> {
      const databases = (await rows(undefined, Names, 'select datname as name from pg_database')).map(
        (row) => row.name,
      );
      const roles = (await rows(undefined, Names, 'select rolname as name from pg_roles')).map((row) => row.name);
      if (!databases.includes(name)) return { databases, roles, tables: [], indexes: [] };
      return {
        databases,
        roles,
        tables: (await rows(name, Names, "select tablename as name from pg_tables where schemaname = 'public'")).map(
          (row) => row.name,
        ),
        indexes: await rows(
          name,
          Indexes,
          `select c.relname as name, i.indisvalid as valid,
                  exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) as building
             from pg_index i join pg_class c on c.oid = i.indexrelid
            where c.relname = any($1)`,
          [indexes.map((index) => index.name)],
        ),
      };
    },
    async carryOut(step, declared, password) {
      for (const sql of statements(step, declared, password))
        await run(step.on === 'server' ? undefined : declared.name, sql);
    },
    async close() {
      await Promise.all([...open.values()].map((client) => client.end().catch(() => undefined)));
    },
  };
}

/** Each by itself: neither a database nor an index beside writers can be made in a transaction. */
function statements(
  { does }: DatabaseStep,
  { name, user, readers }: DeclaredDatabase,
  password: string,
): readonly string[] {
  const id = pg.escapeIdentifier;
  switch (does.is) {
    case 'create-database':
      return [`create database ${id(name)} encoding 'UTF8' template template0`];
    case 'create-user':
      return [`create role ${id(does.name)} login password ${pg.escapeLiteral(scramVerifier(password))}`];
    case 'create-readers':
      return [`create role ${id(does.name)} nologin`];
    case 'grant':
      return [
        `revoke all on database ${id(name)} from public`,
        `grant connect, create, temporary on database ${id(name)} to ${id(user)}`,
        `grant usage, create on schema public to ${id(user)}`,
        `grant connect on database ${id(name)} to ${id(readers)}`,
        `grant usage on schema public to ${id(readers)}`,
        `grant select on all tables in schema public to ${id(readers)}`,
      ];
    case 'drop-index':
      return [`drop index concurrently if exists ${id(does.index.name)}`];
    case 'create-index': {
      const { name: index, table, column } = does.index;
      return [`create index concurrently if not exists ${id(index)} on ${id(table)} (${id(column)})`];
    }
    case 'wait':
      return [];
    default:
      return assertNever(does);
  }
}
