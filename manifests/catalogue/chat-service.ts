import { defineWorkload } from './define.ts';
import { apiService, postgresKeys, redisKeys } from './parts.ts';

/** Chat and files beside a meeting. */
export const chatService = defineWorkload({
  ...apiService,
  name: 'chat-service',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/chat-service',
  replicas: 10,
  maxReplicas: 25,
  requests: { cpuCores: 3, memoryGib: 6 },
  secretKeys: [
    ...postgresKeys,
    ...redisKeys,
    'digitalocean-credentials/DO_SPACES_BUCKET',
    'digitalocean-credentials/DO_SPACES_REGION',
    'digitalocean-credentials/DO_SPACES_ENDPOINT',
    'gomeet-secrets/JWT_SECRET',
  ],
  restartable: true,
});
