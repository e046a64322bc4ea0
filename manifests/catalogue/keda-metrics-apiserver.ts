import { defineWorkload } from './define.ts';
import { addOn } from './parts.ts';

/** Answers the autoscaler's question for a custom metric; the operator has the figure. */
export const kedaMetricsApiserver = defineWorkload({
  ...addOn,
  name: 'keda-metrics-apiserver',
  namespace: 'keda',
  image: 'ghcr.io/kedacore/keda-metrics-apiserver:2.21.0',
  ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  limits: { cpuCores: 1, memoryGib: 1 },
  askedByApiServer: ['https'],
});
