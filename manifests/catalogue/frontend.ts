import { defineWorkload } from './define.ts';
import { autoscaled, gatewayRate } from './parts.ts';

/** The web application. */
export const frontend = defineWorkload({
  name: 'frontend',
  kind: 'Deployment',
  owner: 'api',
  image: 'registry.digitalocean.com/gomeet/frontend',
  env: { PORT: '5173', HOSTNAME: '0.0.0.0', NODE_ENV: 'production' },
  ports: [{ name: 'http', port: 5173, protocol: 'TCP' }],
  probe: { path: '/', port: 5173 },
  replicas: 2,
  maxReplicas: 20,
  requests: { cpuCores: 0.05, memoryGib: 0.125 },
  limits: { cpuCores: 0.2, memoryGib: 0.25 },
  pool: 'api',
  secretKeys: ['digitalocean-credentials/DO_CDN_ENDPOINT', 'digitalocean-credentials/DO_REGION'],
  clients: [
    { from: 'traefik', port: 'http' },
    { from: 'blackbox-exporter', port: 'http' },
  ],
  scaling: autoscaled(3, { metrics: [gatewayRate('frontend', 5173, 500)] }),
  restartable: true,
  sources: ['platform-survey'],
});
