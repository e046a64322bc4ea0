import { Service } from 'kubernetes-models/v1/Service';
import { poolSize, postgresConnections } from '../connections.ts';
import { configMap } from '../objects/config-map.ts';
import { type Context, metadata, workloadOf } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';
import { runs } from '../objects/workload.ts';

/** PgBouncer and the exporter in front of the managed PostgreSQL, and what its settings may be. */
export function postgresFile(context: Context): readonly KubernetesObject[] {
  const { environment } = context;
  const bouncer = workloadOf(context, 'pgbouncer-do');
  const connection = 'postgres://$(DO_POSTGRES_USER):$(DO_POSTGRES_PASSWORD)@127.0.0.1:6432/pgbouncer?sslmode=disable';
  return [
    configMap('postgres-managed-config', 'data', {
      // What DigitalOcean lets one set; shared_buffers and its like are a share of memory there, and ALTER SYSTEM is refused.
      'settings.json': `${JSON.stringify(
        {
          size: environment.settings.postgresql.size,
          nodes: environment.settings.postgresql.nodes,
          max_connections: postgresConnections(environment.settings.postgresql),
          work_mem_mb: 32,
          idle_in_transaction_session_timeout_ms: 60_000,
        },
        undefined,
        2,
      )}\n`,
    }),
    ...runs(context, bouncer, {
      env: {
        DB_HOST: '$(DO_POSTGRES_HOST)',
        DB_PORT: '$(DO_POSTGRES_PORT)',
        DB_USER: '$(DO_POSTGRES_USER)',
        DB_PASSWORD: '$(DO_POSTGRES_PASSWORD)',
        DB_NAME: '$(DO_POSTGRES_DBNAME)',
        LISTEN_PORT: '6432',
        AUTH_TYPE: 'scram-sha-256',
        POOL_MODE: 'transaction',
        MAX_CLIENT_CONN: '5000',
        DEFAULT_POOL_SIZE: `${poolSize(environment)}`,
        MAX_DB_CONNECTIONS: `${poolSize(environment)}`,
        SERVER_TLS_SSLMODE: 'require',
        STATS_USERS: '$(DO_POSTGRES_USER)',
        IGNORE_STARTUP_PARAMETERS: 'extra_float_digits',
      },
      sidecarEnv: { PGBOUNCER_EXPORTER_CONNECTION_STRING: connection },
    }),
    // The name the survey's services used.
    checked(
      new Service({
        metadata: metadata('pgbouncer', 'data', bouncer.name),
        spec: {
          selector: { app: bouncer.name },
          ports: bouncer.ports
            .filter(({ name }) => name === 'postgresql')
            .map(({ name, port }) => ({ name, port, targetPort: port, protocol: 'TCP' })),
        },
      }),
    ),
    ...runs(context, workloadOf(context, 'postgres-exporter'), {
      env: { DATA_SOURCE_NAME: '$(DO_POSTGRES_CONNECTION_STRING)' },
    }),
  ];
}
