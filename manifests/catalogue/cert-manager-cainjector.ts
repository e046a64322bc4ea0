import { defineWorkload } from './define.ts';
import { addOn } from './parts.ts';

/** Tells the API server which authority cert-manager's webhook is vouched for by. */
export const certManagerCainjector = defineWorkload({
  ...addOn,
  name: 'cert-manager-cainjector',
  namespace: 'cert-manager',
  image: 'quay.io/jetstack/cert-manager-cainjector:v1.19.1',
  ports: [{ name: 'metrics', port: 9402, protocol: 'TCP' }],
  limits: { cpuCores: 1, memoryGib: 1 },
  podLabels: { app: 'cainjector' },
});
