import { defineWorkload } from './define.ts';

/** Managed PostgreSQL of the product: a primary and two standbys. */
export const postgresql = defineWorkload({
  name: 'postgresql',
  kind: 'managed',
  owner: 'data',
  image: undefined,
  ports: [{ name: 'postgresql', port: 25060, protocol: 'TCP' }],
  probe: undefined,
  replicas: 3,
  maxReplicas: 3,
  requests: { cpuCores: 16, memoryGib: 64 },
  pool: undefined,
  secretKeys: [],
  clients: [
    { from: 'auth-service', port: 'postgresql' },
    { from: 'meeting-service', port: 'postgresql' },
    { from: 'signaling-service', port: 'postgresql' },
    { from: 'chat-service', port: 'postgresql' },
    { from: 'grafana', port: 'postgresql' },
  ],
  restartable: false,
  sources: ['operations-runbook'],
});
