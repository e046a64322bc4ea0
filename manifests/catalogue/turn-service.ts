import { defineWorkload } from './define.ts';
import { apiService, redisKeys } from './parts.ts';

/** Relays media for people behind strict firewalls. */
export const turnService = defineWorkload({
  ...apiService,
  name: 'turn-service',
  owner: 'media',
  image: 'registry.digitalocean.com/gomeet/turn-service',
  replicas: 8,
  maxReplicas: 20,
  requests: { cpuCores: 2, memoryGib: 4 },
  secretKeys: [
    ...redisKeys,
    'digitalocean-credentials/DO_TURN_SERVER_1',
    'digitalocean-credentials/DO_REGION',
    'gomeet-secrets/TURN_SECRET',
  ],
  // A restart cuts the media of everyone whom it relays.
  restartable: false,
});
