import { defineWorkload } from './define.ts';

/** Our responder; replicas share the work through its store. */
export const responder = defineWorkload({
  name: 'responder',
  kind: 'Deployment',
  owner: 'platform',
  image: 'registry.digitalocean.com/gomeet/gomeet-sre',
  ports: [
    { name: 'metrics', port: 9480, protocol: 'TCP' },
    { name: 'console', port: 9481, protocol: 'TCP' },
  ],
  probe: { path: '/healthz', port: 9480 },
  replicas: 2,
  maxReplicas: 2,
  requests: { cpuCores: 0.5, memoryGib: 0.5 },
  pool: 'sfu',
  secretKeys: [
    'gomeet-secrets/DATABASE_URL',
    'gomeet-secrets/WEBHOOK_TOKEN',
    'gomeet-secrets/SLACK_BOT_TOKEN',
    'gomeet-secrets/SLACK_SIGNING_SECRET',
    'gomeet-secrets/SLACK_APP_TOKEN',
    'gomeet-secrets/LIVEKIT_API_KEY',
    'gomeet-secrets/LIVEKIT_API_SECRET',
    'gomeet-secrets/REDIS_URL',
    'gomeet-secrets/DIGITALOCEAN_TOKEN',
  ],
  clients: [
    { from: 'prometheus', port: 'metrics' },
    { from: 'alertmanager', port: 'metrics' },
  ],
  restartable: true,
  sources: ['bundle'],
});
