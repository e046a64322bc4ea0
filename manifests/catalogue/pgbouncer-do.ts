import { defineWorkload } from './define.ts';

/** Pools the connections of all services to the managed PostgreSQL; its Service is also called `pgbouncer`. */
export const pgbouncer = defineWorkload({
  name: 'pgbouncer-do',
  kind: 'Deployment',
  owner: 'data',
  image: 'edoburu/pgbouncer:v1.24.1-p1',
  ports: [
    { name: 'postgresql', port: 6432, protocol: 'TCP' },
    { name: 'metrics', port: 9127, protocol: 'TCP' },
  ],
  // The survey's probe ran a command that pgbouncer does not have.
  probe: { port: 6432 },
  replicas: 6,
  maxReplicas: 15,
  requests: { cpuCores: 2, memoryGib: 4 },
  pool: 'api',
  secretKeys: [
    'digitalocean-credentials/DO_POSTGRES_HOST',
    'digitalocean-credentials/DO_POSTGRES_PORT',
    'digitalocean-credentials/DO_POSTGRES_USER',
    'digitalocean-credentials/DO_POSTGRES_PASSWORD',
    'digitalocean-credentials/DO_POSTGRES_DBNAME',
  ],
  // Its image writes the configuration from these variables.
  scratch: ['/etc/pgbouncer'],
  clients: [
    { from: 'auth-service', port: 'postgresql' },
    { from: 'meeting-service', port: 'postgresql' },
    { from: 'signaling-service', port: 'postgresql' },
    { from: 'chat-service', port: 'postgresql' },
    { from: 'prometheus', port: 'metrics' },
  ],
  scaling: {
    kind: 'auto',
    cpuPercent: 70,
    memoryPercent: 80,
    podsPer15s: 2,
    scaleIn: 'slowly',
    without:
      'pgbouncer_connections_total: no such metric; one PgBouncer uses one core, so CPU says when another is due',
  },
  sidecars: [
    {
      name: 'exporter',
      image: 'prometheuscommunity/pgbouncer-exporter:v0.11.0',
      ports: ['metrics'],
      requests: { cpuCores: 0.05, memoryGib: 0.0625 },
    },
  ],
  graceSeconds: 60,
  restartable: true,
  sources: ['deployment-readme', 'platform-survey'],
});
