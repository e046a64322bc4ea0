import type { Workload } from './define.ts';

/** What the five API services have in common (platform survey 1.1): ports, probe, callers, pool. */
export const apiService = {
  kind: 'Deployment',
  ports: [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'metrics', port: 9090, protocol: 'TCP' },
  ],
  probe: { path: '/health', port: 8080 },
  pool: 'sfu',
  clients: [
    { from: 'traefik', port: 'http' },
    { from: 'prometheus', port: 'metrics' },
  ],
  sources: ['deployment-readme', 'platform-survey'],
} as const satisfies Partial<Workload>;

/** How a service reaches the managed PostgreSQL. */
export const postgresKeys = [
  'digitalocean-credentials/DO_POSTGRES_HOST',
  'digitalocean-credentials/DO_POSTGRES_PORT',
  'digitalocean-credentials/DO_POSTGRES_USER',
  'digitalocean-credentials/DO_POSTGRES_PASSWORD',
  'digitalocean-credentials/DO_POSTGRES_DBNAME',
] as const;

/** How a service reaches the managed Valkey, under the names of the time when it was Redis. */
export const redisKeys = [
  'digitalocean-credentials/DO_REDIS_HOST',
  'digitalocean-credentials/DO_REDIS_PORT',
  'digitalocean-credentials/DO_REDIS_PASSWORD',
] as const;
