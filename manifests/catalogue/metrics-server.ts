import { defineWorkload } from './define.ts';
import { addOn } from './parts.ts';

/** CPU and memory of pods for the autoscaler; DOKS brings none. */
export const metricsServer = defineWorkload({
  ...addOn,
  name: 'metrics-server',
  namespace: 'kube-system',
  image: 'registry.k8s.io/metrics-server/metrics-server:v0.9.0',
  ports: [{ name: 'https', port: 10_250, protocol: 'TCP' }],
  podLabels: { 'k8s-app': 'metrics-server' },
  askedByApiServer: ['https'],
});
