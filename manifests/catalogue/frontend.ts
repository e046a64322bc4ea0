import { defineWorkload } from './define.ts';

/** The web application. */
export const frontend = defineWorkload({
  name: 'frontend',
  kind: 'Deployment',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/frontend',
  ports: [{ name: 'http', port: 5173, protocol: 'TCP' }],
  probe: { path: '/', port: 5173 },
  replicas: 2,
  maxReplicas: 20,
  requests: { cpuCores: 0.05, memoryGib: 0.125 },
  pool: 'sfu',
  secretKeys: ['digitalocean-credentials/DO_CDN_ENDPOINT', 'digitalocean-credentials/DO_REGION'],
  clients: [{ from: 'traefik', port: 'http' }],
  restartable: true,
  sources: ['platform-survey'],
});
