import { defineWorkload } from './define.ts';
import { apiService, postgresKeys, redisKeys } from './parts.ts';

/** Signs people in and issues the tokens that every other service checks. */
export const authService = defineWorkload({
  ...apiService,
  name: 'auth-service',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/auth-service',
  replicas: 8,
  maxReplicas: 20,
  requests: { cpuCores: 4, memoryGib: 8 },
  secretKeys: [
    ...postgresKeys,
    ...redisKeys,
    'gomeet-secrets/JWT_SECRET',
    'gomeet-secrets/LIVEKIT_API_KEY',
    'gomeet-secrets/LIVEKIT_API_SECRET',
    'gomeet-secrets/TURN_SECRET',
  ],
  restartable: true,
});
