import { defineWorkload } from './define.ts';

/** Dashboards. */
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
  pool: 'sfu',
  secretKeys: [
    'gomeet-secrets/GRAFANA_DB_PASSWORD',
    'gomeet-secrets/GRAFANA_ADMIN_PASSWORD',
    'gomeet-secrets/GRAFANA_SECRET_KEY',
  ],
  clients: [{ from: 'traefik', port: 'http' }],
  restartable: true,
  sources: ['deployment-readme', 'platform-survey'],
});
