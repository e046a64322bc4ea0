import { defineWorkload } from './define.ts';

/** Turns queries into what the autoscaler reads: the provider of custom metrics. */
export const kedaOperator = defineWorkload({
  name: 'keda-operator',
  kind: 'Deployment',
  rendered: 'upstream',
  namespace: 'keda',
  owner: 'platform',
  image: 'ghcr.io/kedacore/keda:2.21.0',
  ports: [
    { name: 'metrics', port: 8080, protocol: 'TCP' },
    { name: 'metricsservice', port: 9666, protocol: 'TCP' },
  ],
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.25 },
  limits: { cpuCores: 1, memoryGib: 1 },
  pool: 'system',
  secretKeys: [],
  clients: [
    { from: 'prometheus', port: 'metrics' },
    { from: 'keda-metrics-apiserver', port: 'metricsservice' },
  ],
  reaches: ['kubernetes-api'],
  restartable: true,
  sources: ['bundle'],
});
