import { defineWorkload } from './define.ts';

/** Managed OpenSearch for logs: the runbook's Elasticsearch, which nothing deployed. Beside the platform, so that its loss costs no meeting. */
export const opensearch = defineWorkload({
  name: 'opensearch',
  kind: 'managed',
  owner: 'data',
  image: undefined,
  ports: [{ name: 'https', port: 25_060, protocol: 'TCP' }],
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 2, memoryGib: 8 },
  pool: undefined,
  secretKeys: [],
  clients: [{ from: 'fluent-bit', port: 'https' }],
  restartable: false,
  sources: ['operations-runbook'],
});
