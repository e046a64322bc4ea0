import { defineWorkload } from './define.ts';
import { autoscaled } from './parts.ts';

/** The gateway: TLS, routing and WebSockets from outside. Ports above 1023, since it is not root; its Service has 80 and 443. */
export const traefik = defineWorkload({
  name: 'traefik',
  kind: 'Deployment',
  owner: 'platform',
  image: 'traefik:v3.5.4',
  ports: [
    { name: 'web', port: 8000, protocol: 'TCP' },
    { name: 'websecure', port: 8443, protocol: 'TCP' },
    { name: 'ping', port: 8090, protocol: 'TCP' },
    { name: 'metrics', port: 8082, protocol: 'TCP' },
  ],
  probe: { path: '/ping', port: 8090 },
  replicas: 6,
  maxReplicas: 15,
  requests: { cpuCores: 4, memoryGib: 8 },
  pool: 'api',
  // People of the dashboards, as htpasswd lines; Traefik wants them alone in a secret.
  secretKeys: ['dashboard-auth/USERS'],
  clients: [
    { from: 'prometheus', port: 'metrics' },
    { from: 'meeting-probe', port: 'websecure' },
    { from: 'blackbox-exporter', port: 'websecure' },
  ],
  public: ['web', 'websecure', 'ping'],
  reaches: ['kubernetes-api'],
  scaling: autoscaled(3, {
    metrics: [
      {
        name: 'requests-per-second',
        query: 'sum(rate(traefik_entrypoint_requests_total{entrypoint="websecure"}[2m]))',
        perReplica: 10_000,
      },
    ],
    without: 'traefik_service_requests_duration_seconds: misspelt, and more replicas do not mend a slow service',
  }),
  graceSeconds: 60,
  restartable: true,
  sources: ['deployment-readme', 'platform-survey'],
});
