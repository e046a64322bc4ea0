import { defineWorkload } from './define.ts';
import { apiService, autoscaled, redisKeys } from './parts.ts';

/** Gives out TURN credentials; the relay itself is LiveKit's own, on every SFU node. */
export const turnService = defineWorkload({
  ...apiService,
  name: 'turn-service',
  owner: 'media',
  image: 'registry.digitalocean.com/gomeet/turn-service',
  env: { SERVICE_TYPE: 'turn' },
  replicas: 8,
  maxReplicas: 20,
  requests: { cpuCores: 2, memoryGib: 4 },
  secretKeys: [
    ...redisKeys,
    'digitalocean-credentials/DO_TURN_SERVER_1',
    'digitalocean-credentials/DO_REGION',
    'gomeet-secrets/TURN_SECRET',
  ],
  scaling: autoscaled(4, { without: 'turn_sessions_total: nothing emits it' }),
  // The survey leaves open whether it relays too: then a restart would cut the media of everyone whom it relays.
  restartable: false,
});
