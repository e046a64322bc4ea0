import { PortError } from '../../kernel/errors.ts';
import type { Databases, ManagedDatabase } from '../../responders/ports.ts';

/** Managed databases in memory: a new cluster is online at the third look. */
export interface MemoryDatabases extends Databases {
  /** What was asked for, in order: `promote gomeet-db/replica-a`. Never a password. */
  readonly writes: readonly string[];
  password(user: string): string | undefined;
}

/** A managed database as the account would show it. */
export function managedDatabase(more: Partial<ManagedDatabase> & { name: string }): ManagedDatabase {
  return {
    id: `id-${more.name}`,
    engine: 'pg',
    version: '16',
    status: 'online',
    nodes: 3,
    region: 'nyc1',
    size: 'gd-16vcpu-64gb',
    user: 'doadmin',
    ...more,
  };
}

/** Starts with these clusters; each PostgreSQL has one backup and the replicas named. */
export function memoryDatabases(
  start: readonly ManagedDatabase[] = [],
  more: { backupsAtMs?: readonly number[]; replicas?: readonly string[] } = {},
): MemoryDatabases {
  const clusters = new Map(start.map((one) => [one.name, { ...one, looks: 3 }]));
  const writes: string[] = [];
  const passwords = new Map<string, string>();
  const byId = (id: string) => {
    const found = [...clusters.values()].find((one) => one.id === id);
    if (found === undefined) throw new PortError('digitalocean', 'not-found', 'there is no such database');
    return found;
  };
  return {
    writes,
    password: (user) => passwords.get(user),
    async list() {
      for (const one of clusters.values()) one.looks += 1;
      return [...clusters.values()].map(({ looks, ...one }) => (looks >= 3 ? one : { ...one, status: 'creating' }));
    },
    backups: async (id) => (byId(id).engine === 'valkey' ? [] : (more.backupsAtMs ?? [])),
    replicas: async (id) =>
      byId(id).engine === 'pg' ? (more.replicas ?? []).map((name) => ({ name, status: 'online', region: 'nyc1' })) : [],
    async promote({ id, replica }) {
      writes.push(`promote ${byId(id).name}/${replica}`);
      clusters.set(replica, { ...byId(id), id: `id-${replica}`, name: replica, looks: 0 });
    },
    async restoreAs({ from, name, backupAtMs }) {
      if (clusters.has(name)) return;
      writes.push(`restore ${from.name} of ${new Date(backupAtMs).toISOString()} as ${name}`);
      clusters.set(name, { ...from, id: `id-${name}`, name, looks: 0 });
    },
    async resetPassword({ id, user }) {
      writes.push(`reset ${byId(id).name}/${user}`);
      passwords.set(user, `new-password-${writes.length}`);
      return passwords.get(user) ?? '';
    },
  };
}
