import { defineWorkload } from './define.ts';

/** LiveKit's SFU: a room lives on exactly one of these, so one pod a node, and the largest meeting must fit one node. */
export const sfuWorkload = defineWorkload({
  name: 'livekit-sfu',
  kind: 'Deployment',
  owner: 'media',
  image: 'livekit/livekit-server:v1.13.5',
  args: ['--config', '/etc/livekit/livekit.yaml'],
  // LiveKit's own meaning of its ports; the survey's 7881/UDP and 7882/TCP are the wrong way round. Media has the runbook's
  // 10000 to 20000: below the kernel's own outgoing ports (32768 on) and NodePorts (30000 on).
  ports: [
    { name: 'http', port: 7880, protocol: 'TCP' },
    { name: 'rtc-tcp', port: 7881, protocol: 'TCP' },
    { name: 'rtc-udp', port: 10_000, endPort: 20_000, protocol: 'UDP' },
    { name: 'turn-tls', port: 5349, protocol: 'TCP' },
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
    'digitalocean-credentials/DO_REDIS_HOST',
    'digitalocean-credentials/DO_REDIS_PORT',
    'digitalocean-credentials/DO_REDIS_PASSWORD',
  ],
  clients: [
    { from: 'traefik', port: 'http' },
    { from: 'traefik', port: 'turn-tls' },
    { from: 'meeting-service', port: 'http' },
    { from: 'signaling-service', port: 'http' },
    { from: 'livekit-recorder', port: 'http' },
    { from: 'livekit-exporter', port: 'http' },
    { from: 'meeting-probe', port: 'http' },
    { from: 'responder', port: 'http' },
    { from: 'blackbox-exporter', port: 'http' },
    { from: 'prometheus', port: 'metrics' },
  ],
  public: ['rtc-tcp', 'rtc-udp'],
  reaches: ['internet-media'],
  scaling: {
    kind: 'auto',
    // Memory says nothing of an SFU's load.
    cpuPercent: 70,
    metrics: [
      { name: 'participants', query: 'sum(max by (state, kind) (gomeet_participants))', perReplica: 400 },
      {
        name: 'bandwidth-mbps',
        query: 'sum(rate(livekit_packet_bytes{direction="outgoing"}[2m])) * 8 / 1e6',
        perReplica: 1_000,
      },
    ],
    podsPer15s: 4,
    scaleIn: 'responder',
  },
  privilege: {
    why: 'media goes straight to the node: a Service cannot carry a range of UDP ports, and an address behind NAT would have to be relayed',
    hostNetwork: true,
    user: 1_000,
  },
  // The longest meeting there may be (frontend: 1,440 minutes) with 12 hours kept as what an upgrade can wait for.
  graceSeconds: 43_200,
  // It holds meetings: only a drain takes one out.
  restartable: false,
  sources: ['deployment-readme', 'platform-survey', 'livekit-docs'],
  /** People in the largest meeting that the product sells. */
  largestRoomParticipants: 500,
});
