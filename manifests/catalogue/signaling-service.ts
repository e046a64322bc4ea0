import { defineWorkload } from './define.ts';
import { apiService, postgresKeys, redisKeys } from './parts.ts';

/** Holds the WebSockets of the application, 10,000 a replica at most; clients reconnect when one goes. */
export const signalingService = defineWorkload({
  ...apiService,
  name: 'signaling-service',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/signaling-service',
  ports: [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'websocket', port: 8081, protocol: 'TCP' },
    { name: 'metrics', port: 9090, protocol: 'TCP' },
  ],
  replicas: 25,
  maxReplicas: 60,
  requests: { cpuCores: 6, memoryGib: 12 },
  secretKeys: [
    ...postgresKeys,
    ...redisKeys,
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
});
