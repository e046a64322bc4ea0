import { defineWorkload } from './define.ts';

/** Our exporter of rooms, participants and SFU nodes; two replicas so that one may be restarted. */
export const livekitExporter = defineWorkload({
  name: 'livekit-exporter',
  kind: 'Deployment',
  owner: 'media',
  image: 'registry.digitalocean.com/gomeet/gomeet-sre',
  ports: [{ name: 'metrics', port: 9482, protocol: 'TCP' }],
  probe: { path: '/healthz', port: 9482 },
  replicas: 2,
  maxReplicas: 2,
  requests: { cpuCores: 0.25, memoryGib: 0.25 },
  pool: 'sfu',
  secretKeys: ['gomeet-secrets/LIVEKIT_API_KEY', 'gomeet-secrets/LIVEKIT_API_SECRET', 'gomeet-secrets/REDIS_URL'],
  clients: [
    { from: 'prometheus', port: 'metrics' },
    { from: 'livekit-sfu', port: 'metrics' },
  ],
  restartable: true,
  sources: ['bundle'],
});
