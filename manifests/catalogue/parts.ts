import type { Scaling, Workload } from './define.ts';

/** What the five API services have in common (platform survey 1.1): ports, probe, callers, pool. */
export const apiService = {
  kind: 'Deployment',
  ports: [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'metrics', port: 9090, protocol: 'TCP' },
  ],
  probe: { path: '/health', port: 8080 },
  pool: 'api',
  clients: [
    { from: 'traefik', port: 'http' },
    { from: 'blackbox-exporter', port: 'http' },
    { from: 'prometheus', port: 'metrics' },
  ],
  sources: ['deployment-readme', 'platform-survey'],
} as const satisfies Partial<Workload>;

/** How a service reaches PostgreSQL: through PgBouncer, whose own keys name the server. */
export const postgresKeys = [
  'digitalocean-credentials/DO_POSTGRES_USER',
  'digitalocean-credentials/DO_POSTGRES_PASSWORD',
  'digitalocean-credentials/DO_POSTGRES_DBNAME',
] as const;

/** Where PgBouncer is found, and that its transaction mode knows no prepared statements (platform survey 1.2). */
export const postgresEnv = {
  DO_POSTGRES_HOST: 'pgbouncer',
  DO_POSTGRES_PORT: '6432',
  DB_SSLMODE: 'disable',
  DB_DISABLE_PREPARED_STATEMENTS: 'true',
  GORM_DISABLE_PREPARED_STATEMENT: 'true',
} as const;

/** How a service reaches the managed Valkey, under the names of the time when it was Redis. */
export const redisKeys = [
  'digitalocean-credentials/DO_REDIS_HOST',
  'digitalocean-credentials/DO_REDIS_PORT',
  'digitalocean-credentials/DO_REDIS_PASSWORD',
] as const;

/** What the parts of an add-on have in common: their objects come from a pinned release of their makers; two would not do more than one. */
export const addOn = {
  kind: 'Deployment',
  rendered: 'upstream',
  owner: 'platform',
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.25 },
  pool: 'system',
  secretKeys: [],
  clients: [],
  reaches: ['kubernetes-api'],
  scaling: { kind: 'fixed', why: 'two would not do more than one' },
  restartable: true,
  sources: ['bundle'],
} as const satisfies Partial<Workload>;

/** Image of this bundle: exporters, probe, responder, backup. */
export const bundleImage = 'registry.digitalocean.com/gomeet/gomeet-sre';

/** Requests a second that come through the gateway to a service, by Traefik's own count. */
export function gatewayRate(service: string, port: number, perReplica: number) {
  return {
    name: 'requests-per-second',
    query: `sum(rate(traefik_service_requests_total{service=~"gomeet-${service}-${port}@.+"}[2m]))`,
    perReplica,
  } as const;
}

/** CPU 70 and memory 80 per cent of requests, fast up and slow down: what the deployment README asks for every service. */
export function autoscaled<const More extends Partial<Extract<Scaling, { kind: 'auto' }>>>(
  podsPer15s: number,
  more: More,
) {
  return { kind: 'auto', cpuPercent: 70, memoryPercent: 80, podsPer15s, scaleIn: 'slowly', ...more } as const;
}
