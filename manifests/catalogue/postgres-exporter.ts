import { defineWorkload } from './define.ts';

/** What the managed PostgreSQL says of itself. One: the survey's two told every figure twice. */
export const postgresExporter = defineWorkload({
  name: 'postgres-exporter',
  kind: 'Deployment',
  owner: 'data',
  image: 'quay.io/prometheuscommunity/postgres-exporter:v0.18.1',
  ports: [{ name: 'metrics', port: 9187, protocol: 'TCP' }],
  probe: { path: '/', port: 9187 },
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.5, memoryGib: 1 },
  pool: 'monitoring',
  secretKeys: ['digitalocean-credentials/DO_POSTGRES_CONNECTION_STRING'],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  scaling: { kind: 'fixed', why: 'two would tell everything twice' },
  restartable: true,
  sources: ['platform-survey'],
});
