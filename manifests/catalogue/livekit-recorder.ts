import { defineWorkload } from './define.ts';

/** LiveKit egress: records meetings to Spaces. The survey found no manifest for it, only the figures. */
export const livekitRecorder = defineWorkload({
  name: 'livekit-recorder',
  kind: 'Deployment',
  owner: 'media',
  image: 'livekit/egress:v1.10.0',
  // Chrome and PulseAudio write below the home folder.
  env: { HOME: '/tmp' },
  ports: [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'metrics', port: 9090, protocol: 'TCP' },
  ],
  probe: { path: '/', port: 8080 },
  replicas: 3,
  maxReplicas: 10,
  requests: { cpuCores: 4, memoryGib: 8 },
  pool: 'api',
  secretKeys: [
    'gomeet-secrets/LIVEKIT_API_KEY',
    'gomeet-secrets/LIVEKIT_API_SECRET',
    'digitalocean-credentials/DO_REDIS_HOST',
    'digitalocean-credentials/DO_REDIS_PORT',
    'digitalocean-credentials/DO_REDIS_PASSWORD',
    'digitalocean-credentials/DO_SPACES_ACCESS_KEY',
    'digitalocean-credentials/DO_SPACES_SECRET_KEY',
  ],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  reaches: ['internet-https', 'internet-media'],
  scaling: {
    kind: 'auto',
    cpuPercent: 70,
    podsPer15s: 2,
    scaleIn: 'slowly',
    without: 'active_recordings_total: nothing emits it; a recording takes 3 to 4 cores, so CPU counts them',
  },
  // A recording may take as long as the longest meeting that is recorded; egress itself waits for those under way.
  graceSeconds: 43_200,
  // A restart ends the recordings under way.
  restartable: false,
  sources: ['deployment-readme', 'platform-survey'],
});
