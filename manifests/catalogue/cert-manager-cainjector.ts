import { defineWorkload } from './define.ts';

/** Tells the API server which authority cert-manager's webhook is vouched for by. */
export const certManagerCainjector = defineWorkload({
  name: 'cert-manager-cainjector',
  kind: 'Deployment',
  rendered: 'upstream',
  namespace: 'cert-manager',
  owner: 'platform',
  image: 'quay.io/jetstack/cert-manager-cainjector:v1.19.1',
  ports: [{ name: 'metrics', port: 9402, protocol: 'TCP' }],
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.25 },
  limits: { cpuCores: 1, memoryGib: 1 },
  pool: 'system',
  secretKeys: [],
  podLabels: { app: 'cainjector' },
  clients: [],
  reaches: ['kubernetes-api'],
  restartable: true,
  sources: ['bundle'],
});
