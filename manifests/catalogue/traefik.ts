import { defineWorkload } from './define.ts';

/** The gateway: TLS, routing and WebSockets from outside. */
export const traefik = defineWorkload({
  name: 'traefik',
  kind: 'Deployment',
  owner: 'platform',
  image: 'traefik:v2.10',
  ports: [
    { name: 'web', port: 80, protocol: 'TCP' },
    { name: 'websecure', port: 443, protocol: 'TCP' },
    { name: 'websocket', port: 8080, protocol: 'TCP' },
    { name: 'metrics', port: 8082, protocol: 'TCP' },
  ],
  probe: { path: '/ping', port: 80 },
  replicas: 6,
  maxReplicas: 15,
  requests: { cpuCores: 4, memoryGib: 8 },
  pool: 'sfu',
  secretKeys: ['digitalocean-credentials/DO_LB_ID', 'digitalocean-credentials/DO_REGION'],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  restartable: true,
  sources: ['deployment-readme', 'platform-survey'],
});
