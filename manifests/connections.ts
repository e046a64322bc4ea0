import type { Environment } from './environments/define.ts';
import type { Database } from './settings.ts';

/** Connections that DigitalOcean's PostgreSQL takes: 25 for each GiB, three of them kept for its own maintenance, 1,000 at most (docs, PostgreSQL limits). */
export function postgresConnections({ memoryGib }: Database): number {
  return Math.min(memoryGib * 25, 1_000) - 3;
}

/** Server connections of one PgBouncer, so that all of them at their most, and what goes past them, stay within the server's. */
export function poolSize({ settings, workloads }: Environment): number {
  if (settings.connectionsPerBouncer !== undefined) return settings.connectionsPerBouncer;
  const bouncers = workloads.find(({ name }) => name === 'pgbouncer-do')?.maxReplicas ?? 1;
  return Math.floor((postgresConnections(settings.postgresql) - settings.reservedConnections) / bouncers);
}
