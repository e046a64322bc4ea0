import { defineWorkload } from './define.ts';

/** The responder's journal: a managed PostgreSQL apart from the product's, so that an emergency there does not blind it. */
export const responderStore = defineWorkload({
  name: 'responder-store',
  kind: 'managed',
  owner: 'platform',
  image: undefined,
  ports: [{ name: 'postgresql', port: 25_060, protocol: 'TCP' }],
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 1, memoryGib: 2 },
  pool: undefined,
  secretKeys: [],
  clients: [{ from: 'responder', port: 'postgresql' }],
  restartable: false,
  sources: ['bundle'],
});
