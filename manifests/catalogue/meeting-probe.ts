import { defineWorkload } from './define.ts';
import { bundleImage } from './parts.ts';

/** Our synthetic meeting: joins, publishes, subscribes and measures, as a user would. */
export const meetingProbe = defineWorkload({
  name: 'meeting-probe',
  kind: 'Deployment',
  owner: 'media',
  image: bundleImage,
  args: ['exporter', 'probe'],
  env: { EXPORTER_ADDR: '0.0.0.0:9484' },
  ports: [{ name: 'metrics', port: 9484, protocol: 'TCP' }],
  probe: { path: '/healthz', port: 9484 },
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.5, memoryGib: 0.5 },
  pool: 'monitoring',
  secretKeys: ['gomeet-secrets/LIVEKIT_API_KEY', 'gomeet-secrets/LIVEKIT_API_SECRET'],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  reaches: ['internet-https', 'internet-media'],
  scaling: { kind: 'fixed', why: 'one meeting a minute is what the objective is measured by' },
  restartable: true,
  sources: ['bundle'],
});
