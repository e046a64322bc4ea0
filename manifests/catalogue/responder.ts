import { defineWorkload } from './define.ts';
import { bundleImage } from './parts.ts';

/** Our responder; replicas share the work through its store. */
export const responder = defineWorkload({
  name: 'responder',
  kind: 'Deployment',
  owner: 'platform',
  image: bundleImage,
  args: ['responder'],
  env: {
    KUBE_NAMESPACE: 'gomeet',
    PROMETHEUS_URL: 'http://prometheus:9090',
    ALERTMANAGER_URL: 'http://alertmanager:9093',
    LIVEKIT_URL: 'http://livekit-sfu:7880',
    LISTEN_ADDR: '0.0.0.0:9480',
    CONSOLE_ADDR: '0.0.0.0:9481',
  },
  ports: [
    { name: 'metrics', port: 9480, protocol: 'TCP' },
    { name: 'console', port: 9481, protocol: 'TCP' },
  ],
  probe: { path: '/healthz', port: 9480 },
  replicas: 2,
  maxReplicas: 2,
  requests: { cpuCores: 0.5, memoryGib: 0.5 },
  pool: 'monitoring',
  secretKeys: [
    'gomeet-secrets/DATABASE_URL',
    'gomeet-secrets/WEBHOOK_TOKEN',
    'gomeet-secrets/SLACK_BOT_TOKEN',
    'gomeet-secrets/SLACK_SIGNING_SECRET',
    'gomeet-secrets/SLACK_APP_TOKEN',
    'gomeet-secrets/CONSOLE_TOKENS',
    'gomeet-secrets/LIVEKIT_API_KEY',
    'gomeet-secrets/LIVEKIT_API_SECRET',
    'gomeet-secrets/REDIS_URL',
    'gomeet-secrets/DIGITALOCEAN_TOKEN',
    // It looks at the backups that there are, and makes none: their key is the backup's.
    'digitalocean-credentials/DO_SPACES_REGION',
    'digitalocean-credentials/DO_SPACES_ENDPOINT',
    'digitalocean-credentials/DO_SPACES_ACCESS_KEY',
    'digitalocean-credentials/DO_SPACES_SECRET_KEY',
  ],
  clients: [
    { from: 'prometheus', port: 'metrics' },
    { from: 'alertmanager', port: 'metrics' },
    { from: 'traefik', port: 'console' },
  ],
  reaches: ['kubernetes-api', 'internet-https', 'internet-smtp'],
  scaling: { kind: 'fixed', why: 'one does the work; the second takes over what it leaves' },
  restartable: true,
  sources: ['bundle'],
});
