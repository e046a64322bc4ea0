import { defineWorkload } from './define.ts';

/** Refuses certificates and issuers that could not work. */
export const certManagerWebhook = defineWorkload({
  name: 'cert-manager-webhook',
  kind: 'Deployment',
  rendered: 'upstream',
  namespace: 'cert-manager',
  owner: 'platform',
  image: 'quay.io/jetstack/cert-manager-webhook:v1.19.1',
  ports: [{ name: 'https', port: 10_250, protocol: 'TCP' }],
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.125 },
  pool: 'system',
  secretKeys: [],
  podLabels: { app: 'webhook' },
  clients: [],
  askedByApiServer: ['https'],
  reaches: ['kubernetes-api'],
  restartable: true,
  sources: ['bundle'],
});
