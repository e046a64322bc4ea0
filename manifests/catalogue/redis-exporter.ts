import { defineWorkload } from './define.ts';

/** What the managed Valkey says of itself. One: the survey's two told every figure twice. */
export const redisExporter = defineWorkload({
  name: 'redis-exporter',
  kind: 'Deployment',
  owner: 'data',
  image: 'oliver006/redis_exporter:v1.80.1',
  ports: [{ name: 'metrics', port: 9121, protocol: 'TCP' }],
  probe: { path: '/health', port: 9121 },
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.5, memoryGib: 1 },
  pool: 'monitoring',
  secretKeys: [
    'digitalocean-credentials/DO_REDIS_HOST',
    'digitalocean-credentials/DO_REDIS_PORT',
    'digitalocean-credentials/DO_REDIS_PASSWORD',
  ],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  scaling: { kind: 'fixed', why: 'two would tell everything twice' },
  restartable: true,
  sources: ['platform-survey'],
});
