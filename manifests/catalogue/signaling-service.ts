import { defineWorkload } from './define.ts';

/** Holds the WebSockets of the application, 10,000 a replica at most; clients reconnect when one goes. */
export const signalingService = defineWorkload({
  name: 'signaling-service',
  kind: 'Deployment',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/signaling-service',
  ports: [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'websocket', port: 8081, protocol: 'TCP' },
    { name: 'metrics', port: 9090, protocol: 'TCP' },
  ],
  probe: { path: '/health', port: 8080 },
  replicas: 25,
  maxReplicas: 60,
  requests: { cpuCores: 6, memoryGib: 12 },
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
    'digitalocean-credentials/DO_REGION',
    'gomeet-secrets/JWT_SECRET',
    'gomeet-secrets/LIVEKIT_API_KEY',
    'gomeet-secrets/LIVEKIT_API_SECRET',
  ],
  clients: [
    { from: 'traefik', port: 'http' },
    { from: 'traefik', port: 'websocket' },
    { from: 'prometheus', port: 'metrics' },
  ],
  restartable: true,
  sources: ['deployment-readme', 'platform-survey'],
});
