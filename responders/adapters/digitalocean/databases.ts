import { z } from 'zod';
import { PortError } from '../../../kernel/errors.ts';
import type { Databases, ManagedDatabase } from '../../ports.ts';
import { type CallOptions, createCalls } from './calls.ts';

const Database = z
  .object({
    id: z.string(),
    name: z.string(),
    engine: z.string(),
    version: z.string().nullish(),
    status: z.string(),
    num_nodes: z.number(),
    region: z.string(),
    size: z.string(),
    connection: z.object({ user: z.string().nullish() }).nullish(),
  })
  .transform(
    ({ num_nodes, version, connection, ...rest }): ManagedDatabase => ({
      ...rest,
      version: version ?? '',
      nodes: num_nodes,
      user: connection?.user ?? '',
    }),
  );
const List = z.object({ databases: z.array(Database) });
const Backups = z.object({ backups: z.array(z.object({ created_at: z.string() })) });
const Replicas = z.object({
  replicas: z.array(z.object({ name: z.string(), status: z.string(), region: z.string() })),
});
const User = z.object({ user: z.object({ password: z.string().min(1) }) });

/** The managed databases over DigitalOcean's HTTP API: the SDK puts a password into fields that it does not type. Answers can hold passwords, and no error repeats one. */
export function createDatabases(options: CallOptions): Databases {
  const { read, send, ask } = createCalls(options);
  const list = async (): Promise<readonly ManagedDatabase[]> => (await read('/databases', List)).databases;
  return {
    list,
    async backups(id) {
      try {
        const { backups } = await read(`/databases/${id}/backups`, Backups);
        return backups.map(({ created_at }) => Date.parse(created_at)).sort((a, b) => a - b);
      } catch (error) {
        // Valkey has none, and the API says so with an error.
        if (error instanceof PortError && (error.code === 'not-found' || error.code === 'invalid')) return [];
        throw error;
      }
    },
    replicas: async (id) => (await read(`/databases/${id}/replicas`, Replicas)).replicas,
    async promote({ id, replica }) {
      await send('PUT', `/databases/${id}/replicas/${encodeURIComponent(replica)}/promote`);
    },
    async restoreAs({ from, name, backupAtMs }) {
      if ((await list()).some((one) => one.name === name)) return;
      await send('POST', '/databases', {
        name,
        engine: from.engine,
        version: from.version,
        region: from.region,
        size: from.size,
        num_nodes: from.nodes,
        backup_restore: { database_name: from.name, backup_created_at: new Date(backupAtMs).toISOString() },
      });
    },
    async resetPassword({ id, user }) {
      const path = `/databases/${id}/users/${encodeURIComponent(user)}/reset_auth`;
      return (await ask('POST', path, {}, User)).user.password;
    },
  };
}
