import { defineWorkload } from './define.ts';

/** Managed Valkey (DigitalOcean calls Redis so since 2025): sessions, and the room map of LiveKit, which an eviction policy would tear apart. */
export const valkey = defineWorkload({
  name: 'valkey',
  kind: 'managed',
  owner: 'data',
  image: undefined,
  ports: [{ name: 'valkey', port: 25061, protocol: 'TCP' }],
  probe: undefined,
  replicas: 3,
  maxReplicas: 3,
  requests: { cpuCores: 8, memoryGib: 32 },
  pool: undefined,
  secretKeys: [],
  clients: [
    { from: 'auth-service', port: 'valkey' },
    { from: 'meeting-service', port: 'valkey' },
    { from: 'signaling-service', port: 'valkey' },
    { from: 'chat-service', port: 'valkey' },
    { from: 'turn-service', port: 'valkey' },
    { from: 'livekit-sfu', port: 'valkey' },
    { from: 'livekit-recorder', port: 'valkey' },
    { from: 'livekit-exporter', port: 'valkey' },
    { from: 'redis-exporter', port: 'valkey' },
    { from: 'backup', port: 'valkey' },
    { from: 'responder', port: 'valkey' },
  ],
  restartable: false,
  sources: ['operations-runbook'],
});
