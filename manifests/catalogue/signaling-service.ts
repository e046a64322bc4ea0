import { defineWorkload } from './define.ts';
import { apiService, autoscaled, postgresEnv, postgresKeys, redisKeys } from './parts.ts';

/** Holds the WebSockets of the application, 10,000 a replica at most; clients reconnect when one goes. */
export const signalingService = defineWorkload({
  ...apiService,
  name: 'signaling-service',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/signaling-service',
  env: {
    ...postgresEnv,
    GIN_MODE: 'release',
    MAX_WEBSOCKET_CONNECTIONS: '10000',
    LIVEKIT_URL: 'http://livekit-sfu:7880',
  },
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
    // LiveKit's webhooks.
    { from: 'livekit-sfu', port: 'http' },
    { from: 'blackbox-exporter', port: 'http' },
    { from: 'prometheus', port: 'metrics' },
  ],
  scaling: autoscaled(10, {
    metrics: [{ name: 'participants', query: 'sum(max by (state, kind) (gomeet_participants))', perReplica: 2_000 }],
    without:
      'websocket_connections_total and webrtc_sessions_total: nothing emits them; people in meetings, of whom each holds a WebSocket, stand for both',
  }),
  // WebSockets are given time to move.
  graceSeconds: 60,
  restartable: true,
});
