import { defineWorkload } from './define.ts';

/** LiveKit egress: records meetings. The survey found no manifest for it, only the figures. */
export const livekitRecorder = defineWorkload({
  name: 'livekit-recorder',
  kind: 'Deployment',
  owner: 'media',
  image: 'livekit/egress',
  ports: [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'metrics', port: 9090, protocol: 'TCP' },
  ],
  probe: undefined,
  replicas: 3,
  maxReplicas: 10,
  requests: { cpuCores: 4, memoryGib: 8 },
  pool: 'sfu',
  secretKeys: ['gomeet-secrets/LIVEKIT_API_KEY', 'gomeet-secrets/LIVEKIT_API_SECRET'],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  // A restart ends the recordings under way.
  restartable: false,
  sources: ['deployment-readme', 'platform-survey'],
});
