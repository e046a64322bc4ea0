import { defineWorkload } from './define.ts';
import { bundleImage } from './parts.ts';

/** The nightly backup of databases, objects and metrics to Spaces, encrypted before it leaves. */
export const backup = defineWorkload({
  name: 'backup',
  kind: 'CronJob',
  owner: 'data',
  image: bundleImage,
  // The responder starts it half an hour before its time; what that has made, or is making, is not made twice.
  args: ['backup', 'create', '--unless-newer', '2h'],
  env: { KUBE_NAMESPACE: 'gomeet', PROMETHEUS_URL: 'http://prometheus:9090' },
  ports: [],
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 1, memoryGib: 2 },
  pool: 'system',
  secretKeys: [
    'gomeet-secrets/BACKUP_ENCRYPTION_KEY',
    'digitalocean-credentials/DO_POSTGRES_CONNECTION_STRING',
    'digitalocean-credentials/DO_SPACES_REGION',
    'digitalocean-credentials/DO_SPACES_ENDPOINT',
    'digitalocean-credentials/DO_SPACES_ACCESS_KEY',
    'digitalocean-credentials/DO_SPACES_SECRET_KEY',
    'gomeet-secrets/REDIS_URL',
  ],
  clients: [],
  reaches: ['kubernetes-api', 'internet-https'],
  scaling: { kind: 'fixed', why: 'never two at once' },
  graceSeconds: 60,
  restartable: false,
  sources: ['bundle'],
});
