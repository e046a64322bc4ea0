import { defineWorkload } from './define.ts';

/** Answers the autoscaler's question for a custom metric; the operator has the figure. */
export const kedaMetricsApiserver = defineWorkload({
  name: 'keda-metrics-apiserver',
  kind: 'Deployment',
  rendered: 'upstream',
  namespace: 'keda',
  owner: 'platform',
  image: 'ghcr.io/kedacore/keda-metrics-apiserver:2.21.0',
  ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.25 },
  limits: { cpuCores: 1, memoryGib: 1 },
  pool: 'system',
  secretKeys: [],
  clients: [],
  askedByApiServer: ['https'],
  reaches: ['kubernetes-api'],
  restartable: true,
  sources: ['bundle'],
});
