import { defineWorkload } from './define.ts';
import { apiService, autoscaled, gatewayRate, postgresEnv, postgresKeys, redisKeys } from './parts.ts';

/** Signs people in and issues the tokens that every other service checks. */
export const authService = defineWorkload({
  ...apiService,
  name: 'auth-service',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/auth-service',
  env: { ...postgresEnv, GIN_MODE: 'release' },
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
  scaling: autoscaled(4, { metrics: [gatewayRate('auth-service', 8080, 100)] }),
  restartable: true,
});
