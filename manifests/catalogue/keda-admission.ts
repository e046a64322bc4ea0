import { defineWorkload } from './define.ts';
import { addOn } from './parts.ts';

/** Refuses a ScaledObject that would fight another autoscaler. */
export const kedaAdmission = defineWorkload({
  ...addOn,
  name: 'keda-admission',
  namespace: 'keda',
  image: 'ghcr.io/kedacore/keda-admission-webhooks:2.21.0',
  ports: [{ name: 'https', port: 9443, protocol: 'TCP' }],
  requests: { cpuCores: 0.1, memoryGib: 0.125 },
  podLabels: { app: 'keda-admission-webhooks' },
  askedByApiServer: ['https'],
});
