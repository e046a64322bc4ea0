import { defineWorkload } from './define.ts';

/** Says in metrics what Kubernetes knows of pods and Deployments; crash loops are seen through it. The survey found none deployed. */
export const kubeStateMetricsWorkload = defineWorkload({
  name: 'kube-state-metrics',
  kind: 'Deployment',
  owner: 'platform',
  image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0',
  ports: [{ name: 'metrics', port: 8080, protocol: 'TCP' }],
  probe: { path: '/livez', port: 8080 },
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.25 },
  pool: 'monitoring',
  secretKeys: [],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  reaches: ['kubernetes-api'],
  scaling: { kind: 'fixed', why: 'two would tell everything twice' },
  restartable: true,
  sources: ['bundle'],
});
