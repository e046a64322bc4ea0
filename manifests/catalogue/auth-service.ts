import { defineWorkload } from './define.ts';

/** Signs people in and issues the tokens that every other service checks. */
export const authService = defineWorkload({
  name: 'auth-service',
  kind: 'Deployment',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/auth-service',
  ports: [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'metrics', port: 9090, protocol: 'TCP' },
  ],
  probe: { path: '/health', port: 8080 },
  replicas: 8,
  maxReplicas: 20,
  requests: { cpuCores: 4, memoryGib: 8 },
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
    'gomeet-secrets/JWT_SECRET',
    'gomeet-secrets/LIVEKIT_API_KEY',
    'gomeet-secrets/LIVEKIT_API_SECRET',
    'gomeet-secrets/TURN_SECRET',
  ],
  clients: [
    { from: 'traefik', port: 'http' },
    { from: 'prometheus', port: 'metrics' },
  ],
  restartable: true,
  sources: ['deployment-readme', 'platform-survey'],
});
