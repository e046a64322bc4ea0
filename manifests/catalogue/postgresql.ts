import { defineWorkload } from './define.ts';

/** Managed PostgreSQL of the product: a primary and two standbys. */
export const postgresql = defineWorkload({
  name: 'postgresql',
  kind: 'managed',
  owner: 'data',
  image: undefined,
  ports: [{ name: 'postgresql', port: 25060, protocol: 'TCP' }],
  probe: undefined,
  replicas: 3,
  maxReplicas: 3,
  requests: { cpuCores: 16, memoryGib: 64 },
  pool: undefined,
  secretKeys: [],
  clients: [
    { from: 'pgbouncer-do', port: 'postgresql' },
    { from: 'postgres-exporter', port: 'postgresql' },
    // Grafana holds a few long sessions, which a pool by transaction would break; the backup needs one snapshot.
    { from: 'grafana', port: 'postgresql' },
    { from: 'backup', port: 'postgresql' },
  ],
  restartable: false,
  sources: ['operations-runbook'],
});
