import { defineWorkload } from './define.ts';

/** Chat and files beside a meeting. */
export const chatService = defineWorkload({
  name: 'chat-service',
  kind: 'Deployment',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/chat-service',
  ports: [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'metrics', port: 9090, protocol: 'TCP' },
  ],
  probe: { path: '/health', port: 8080 },
  replicas: 10,
  maxReplicas: 25,
  requests: { cpuCores: 3, memoryGib: 6 },
  pool: 'sfu',
  secretKeys: [
    'digitalocean-credentials/DO_POSTGRES_HOST',
    'digitalocean-credentials/DO_POSTGRES_PORT',
    'digitalocean-credentials/DO_POSTGRES_USER',
    'digitalocean-credentials/DO_POSTGRES_PASSWORD',
    'digitalocean-credentials/DO_POSTGRES_DBNAME',
    'digitalocean-credentials/DO_REDIS_HOST',
    'digitalocean-credentials/DO_REDIS_PORT',
    'digitalocean-credentials/DO_REDIS_PASSWORD',
    'digitalocean-credentials/DO_SPACES_BUCKET',
    'digitalocean-credentials/DO_SPACES_REGION',
    'digitalocean-credentials/DO_SPACES_ENDPOINT',
    'gomeet-secrets/JWT_SECRET',
  ],
  clients: [
    { from: 'traefik', port: 'http' },
    { from: 'prometheus', port: 'metrics' },
  ],
  restartable: true,
  sources: ['deployment-readme', 'platform-survey'],
});
