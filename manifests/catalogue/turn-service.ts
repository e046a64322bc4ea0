import { defineWorkload } from './define.ts';

/** Relays media for people behind strict firewalls. */
export const turnService = defineWorkload({
  name: 'turn-service',
  kind: 'Deployment',
  owner: 'media',
  image: 'registry.digitalocean.com/gomeet/turn-service',
  ports: [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'metrics', port: 9090, protocol: 'TCP' },
  ],
  probe: { path: '/health', port: 8080 },
  replicas: 8,
  maxReplicas: 20,
  requests: { cpuCores: 2, memoryGib: 4 },
  pool: 'sfu',
  secretKeys: [
    'digitalocean-credentials/DO_REDIS_HOST',
    'digitalocean-credentials/DO_REDIS_PORT',
    'digitalocean-credentials/DO_REDIS_PASSWORD',
    'digitalocean-credentials/DO_TURN_SERVER_1',
    'digitalocean-credentials/DO_REGION',
    'gomeet-secrets/TURN_SECRET',
  ],
  clients: [
    { from: 'traefik', port: 'http' },
    { from: 'prometheus', port: 'metrics' },
  ],
  // A restart cuts the media of everyone whom it relays.
  restartable: false,
  sources: ['deployment-readme', 'platform-survey'],
});
