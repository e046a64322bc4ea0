import { defineWorkload } from './define.ts';
import { addOn } from './parts.ts';

/** Refuses certificates and issuers that could not work. */
export const certManagerWebhook = defineWorkload({
  ...addOn,
  name: 'cert-manager-webhook',
  namespace: 'cert-manager',
  image: 'quay.io/jetstack/cert-manager-webhook:v1.19.1',
  ports: [{ name: 'https', port: 10_250, protocol: 'TCP' }],
  requests: { cpuCores: 0.1, memoryGib: 0.125 },
  podLabels: { app: 'webhook' },
  askedByApiServer: ['https'],
});
