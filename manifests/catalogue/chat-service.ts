import { defineWorkload } from './define.ts';
import { apiService, autoscaled, gatewayRate, postgresEnv, postgresKeys, redisKeys } from './parts.ts';

/** Chat and files beside a meeting. */
export const chatService = defineWorkload({
  ...apiService,
  name: 'chat-service',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/chat-service',
  env: postgresEnv,
  replicas: 10,
  maxReplicas: 25,
  requests: { cpuCores: 3, memoryGib: 6 },
  // The survey's manifest had no key pair for the bucket it was told of.
  secretKeys: [
    ...postgresKeys,
    ...redisKeys,
    'digitalocean-credentials/DO_SPACES_BUCKET',
    'digitalocean-credentials/DO_SPACES_REGION',
    'digitalocean-credentials/DO_SPACES_ENDPOINT',
    'digitalocean-credentials/DO_SPACES_ACCESS_KEY',
    'digitalocean-credentials/DO_SPACES_SECRET_KEY',
    'gomeet-secrets/JWT_SECRET',
  ],
  reaches: ['internet-https'],
  scaling: autoscaled(5, {
    metrics: [gatewayRate('chat-service', 8080, 200)],
    without: 'chat_messages_per_second: nothing emits it; requests through the gateway stand for it',
  }),
  restartable: true,
});
