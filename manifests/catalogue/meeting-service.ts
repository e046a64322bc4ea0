import { defineWorkload } from './define.ts';
import { apiService, postgresKeys, redisKeys } from './parts.ts';

/** Creates meetings and asks LiveKit for rooms. */
export const meetingService = defineWorkload({
  ...apiService,
  name: 'meeting-service',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/meeting-service',
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
  restartable: true,
});
