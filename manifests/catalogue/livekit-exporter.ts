import { defineWorkload } from './define.ts';
import { bundleImage } from './parts.ts';

/** Our exporter of rooms, participants and SFU nodes; two replicas so that one may be restarted. */
export const livekitExporter = defineWorkload({
  name: 'livekit-exporter',
  kind: 'Deployment',
  owner: 'media',
  image: bundleImage,
  args: ['exporter', 'livekit'],
  env: { LIVEKIT_URL: 'http://livekit-sfu:7880', EXPORTER_ADDR: '0.0.0.0:9482' },
  ports: [{ name: 'metrics', port: 9482, protocol: 'TCP' }],
  probe: { path: '/healthz', port: 9482 },
  replicas: 2,
  maxReplicas: 2,
  requests: { cpuCores: 0.25, memoryGib: 0.25 },
  pool: 'monitoring',
  secretKeys: ['gomeet-secrets/LIVEKIT_API_KEY', 'gomeet-secrets/LIVEKIT_API_SECRET', 'gomeet-secrets/REDIS_URL'],
  clients: [
    { from: 'prometheus', port: 'metrics' },
    { from: 'livekit-sfu', port: 'metrics' },
  ],
  scaling: { kind: 'fixed', why: 'each replica reads all rooms; more of them would only ask LiveKit more often' },
  restartable: true,
  sources: ['bundle'],
});
