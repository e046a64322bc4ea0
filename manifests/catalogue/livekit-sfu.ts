import { defineWorkload } from './define.ts';

/** LiveKit's SFU: a room lives on exactly one of these, so one pod a node, and the largest meeting must fit one node. */
export const sfuWorkload = defineWorkload({
  name: 'livekit-sfu',
  kind: 'Deployment',
  owner: 'media',
  image: 'livekit/livekit-server:v1.13.5',
  // LiveKit's own meaning of its ports; the survey's 7881/UDP and 7882/TCP are the wrong way round.
  ports: [
    { name: 'http', port: 7880, protocol: 'TCP' },
    { name: 'rtc-tcp', port: 7881, protocol: 'TCP' },
    { name: 'rtc-udp', port: 7882, protocol: 'UDP' },
    { name: 'metrics', port: 6789, protocol: 'TCP' },
  ],
  probe: { path: '/', port: 7880 },
  replicas: 25,
  maxReplicas: 100,
  requests: { cpuCores: 16, memoryGib: 64 },
  pool: 'sfu',
  secretKeys: [
    'gomeet-secrets/LIVEKIT_API_KEY',
    'gomeet-secrets/LIVEKIT_API_SECRET',
    'digitalocean-credentials/DO_REDIS_PASSWORD',
  ],
  clients: [
    { from: 'traefik', port: 'http' },
    { from: 'meeting-service', port: 'http' },
    { from: 'livekit-recorder', port: 'http' },
    { from: 'livekit-exporter', port: 'http' },
    { from: 'responder', port: 'http' },
    { from: 'prometheus', port: 'metrics' },
  ],
  // It holds meetings: only a drain takes one out.
  restartable: false,
  sources: ['deployment-readme', 'platform-survey', 'livekit-docs'],
  /** People in the largest meeting that the product sells. */
  largestRoomParticipants: 500,
});
