import { defineWorkload } from './define.ts';

/** CPU and memory of pods for the autoscaler; DOKS brings none. */
export const metricsServer = defineWorkload({
  name: 'metrics-server',
  kind: 'Deployment',
  rendered: 'upstream',
  namespace: 'kube-system',
  owner: 'platform',
  image: 'registry.k8s.io/metrics-server/metrics-server:v0.9.0',
  ports: [{ name: 'https', port: 10_250, protocol: 'TCP' }],
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.25 },
  pool: 'system',
  secretKeys: [],
  podLabels: { 'k8s-app': 'metrics-server' },
  clients: [],
  askedByApiServer: ['https'],
  reaches: ['kubernetes-api'],
  restartable: true,
  sources: ['bundle'],
});
