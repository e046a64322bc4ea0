import { defineWorkload } from './define.ts';
import { addOn } from './parts.ts';

/** Turns queries into what the autoscaler reads: the provider of custom metrics. */
export const kedaOperator = defineWorkload({
  ...addOn,
  name: 'keda-operator',
  namespace: 'keda',
  image: 'ghcr.io/kedacore/keda:2.21.0',
  ports: [
    { name: 'metrics', port: 8080, protocol: 'TCP' },
    { name: 'metricsservice', port: 9666, protocol: 'TCP' },
  ],
  limits: { cpuCores: 1, memoryGib: 1 },
  clients: [
    { from: 'prometheus', port: 'metrics' },
    { from: 'keda-metrics-apiserver', port: 'metricsservice' },
  ],
});
