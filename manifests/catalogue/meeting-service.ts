import { defineWorkload } from './define.ts';
import { apiService, autoscaled, gatewayRate, postgresEnv, postgresKeys, redisKeys } from './parts.ts';

/** Creates meetings and asks LiveKit for rooms. */
export const meetingService = defineWorkload({
  ...apiService,
  name: 'meeting-service',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/meeting-service',
  env: { ...postgresEnv, GIN_MODE: 'release', LIVEKIT_URL: 'http://livekit-sfu:7880' },
  replicas: 12,
  maxReplicas: 30,
  requests: { cpuCores: 4, memoryGib: 8 },
  secretKeys: [
    ...postgresKeys,
    ...redisKeys,
    'gomeet-secrets/JWT_SECRET',
    'gomeet-secrets/LIVEKIT_API_KEY',
    'gomeet-secrets/LIVEKIT_API_SECRET',
  ],
  scaling: autoscaled(6, {
    metrics: [
      { name: 'active-meetings', query: 'max(gomeet_rooms)', perReplica: 50 },
      gatewayRate('meeting-service', 8080, 100),
    ],
  }),
  restartable: true,
});
