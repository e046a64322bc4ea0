import { defineWorkload } from './define.ts';

/** Refuses a ScaledObject that would fight another autoscaler. */
export const kedaAdmission = defineWorkload({
  name: 'keda-admission',
  kind: 'Deployment',
  rendered: 'upstream',
  namespace: 'keda',
  owner: 'platform',
  image: 'ghcr.io/kedacore/keda-admission-webhooks:2.21.0',
  ports: [{ name: 'https', port: 9443, protocol: 'TCP' }],
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.125 },
  pool: 'system',
  secretKeys: [],
  podLabels: { app: 'keda-admission-webhooks' },
  clients: [],
  askedByApiServer: ['https'],
  reaches: ['kubernetes-api'],
  restartable: true,
  sources: ['bundle'],
});
