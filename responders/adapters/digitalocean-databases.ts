import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { callJson, callText, type JsonCall } from '../../kernel/http.ts';
import { createReadRetry, type ReadRetry } from '../../kernel/retry.ts';
import type { Databases, ManagedDatabase } from '../ports.ts';

const peer = 'digitalocean';

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
export function createDatabases(options: { token: string; url: string; retry?: ReadRetry }): Databases {
  const retried = createReadRetry(options.retry);
  const call = (path: string, more: Partial<JsonCall> = {}): JsonCall => ({
    peer,
    url: `${options.url.replace(/\/+$/, '')}/v2/databases${path}`,
    headers: { authorization: `Bearer ${options.token}` },
    timeoutMs: 20_000,
    secrets: [options.token],
    ...more,
  });
  const list = async (): Promise<readonly ManagedDatabase[]> =>
    (await retried(() => callJson(call(''), List))).databases;
  return {
    list,
    async backups(id) {
      try {
        const { backups } = await retried(() => callJson(call(`/${id}/backups`), Backups));
        return backups.map(({ created_at }) => Date.parse(created_at)).sort((a, b) => a - b);
      } catch (error) {
        // Valkey has none, and the API says so with an error.
        if (error instanceof PortError && (error.code === 'not-found' || error.code === 'invalid')) return [];
        throw error;
      }
    },
    replicas: async (id) => (await retried(() => callJson(call(`/${id}/replicas`), Replicas))).replicas,
    async promote({ id, replica }) {
      await callText(call(`/${id}/replicas/${encodeURIComponent(replica)}/promote`, { method: 'PUT' }));
    },
    async restoreAs({ from, name, backupAtMs }) {
      if ((await list()).some((one) => one.name === name)) return;
      await callText(
        call('', {
          method: 'POST',
          body: {
            name,
            engine: from.engine,
            version: from.version,
            region: from.region,
            size: from.size,
            num_nodes: from.nodes,
            backup_restore: { database_name: from.name, backup_created_at: new Date(backupAtMs).toISOString() },
          },
        }),
      );
    },
    async resetPassword({ id, user }) {
      const path = `/${id}/users/${encodeURIComponent(user)}/reset_auth`;
      return (await callJson(call(path, { method: 'POST', body: {} }), User)).user.password;
    },
  };
}
