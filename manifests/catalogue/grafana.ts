import { defineWorkload } from './define.ts';

/** Dashboards; its state is in PostgreSQL, so that replicas need no shared volume. */
export const grafana = defineWorkload({
  name: 'grafana',
  kind: 'Deployment',
  owner: 'platform',
  image: 'grafana/grafana:11.6.0',
  ports: [{ name: 'http', port: 3000, protocol: 'TCP' }],
  probe: { path: '/api/health', port: 3000 },
  replicas: 3,
  maxReplicas: 6,
  requests: { cpuCores: 2, memoryGib: 4 },
  pool: 'monitoring',
  secretKeys: [
    'gomeet-secrets/GRAFANA_DB_PASSWORD',
    'gomeet-secrets/GRAFANA_ADMIN_PASSWORD',
    'gomeet-secrets/GRAFANA_SECRET_KEY',
    'digitalocean-credentials/DO_POSTGRES_HOST',
    'digitalocean-credentials/DO_POSTGRES_PORT',
  ],
  scratch: ['/var/lib/grafana'],
  clients: [
    { from: 'traefik', port: 'http' },
    { from: 'prometheus', port: 'http' },
    { from: 'responder', port: 'http' },
  ],
  scaling: {
    kind: 'fixed',
    why: 'a few dozen people look at it; its documented metric counted requests since the start, which only ever scales up',
  },
  restartable: true,
  sources: ['deployment-readme', 'platform-survey'],
});
