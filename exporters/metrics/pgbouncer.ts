import { defineMetrics, metricsOf } from './define.ts';

const { counter, gauge } = metricsOf({
  kind: 'recorded',
  peer: 'pgbouncer_exporter',
  version: '0.11.0',
  source: 'test/exporters/metrics/fixtures/pgbouncer-exporter-0.11.0.prom',
});
const pool = ['database', 'user'] as const;

/** What pgbouncer_exporter says of the connection pools, as recorded: Debian's exporter of that name is another one with other names. */
export const pgbouncerMetrics = defineMetrics({
  up: gauge('pgbouncer_up', 'boolean', '1 if the exporter could ask PgBouncer.', []),
  clientsWaiting: gauge(
    'pgbouncer_pools_client_waiting_connections',
    'connections',
    'Clients that wait for a server.',
    [...pool],
  ),
  clientsActive: gauge('pgbouncer_pools_client_active_connections', 'connections', 'Clients that have a server.', [
    ...pool,
  ]),
  serversActive: gauge('pgbouncer_pools_server_active_connections', 'connections', 'Servers that serve a client.', [
    ...pool,
  ]),
  longestWait: gauge(
    'pgbouncer_pools_client_maxwait_seconds',
    'seconds',
    'How long the first in the queue has waited.',
    [...pool],
  ),
  connections: gauge('pgbouncer_databases_current_connections', 'connections', 'Connections to a database.', [
    'name',
    'host',
    'port',
    'database',
    'force_user',
    'pool_mode',
  ]),
  maxClients: gauge('pgbouncer_config_max_client_connections', 'connections', 'Most clients it takes.', []),
  queries: counter('pgbouncer_stats_totals_queries_pooled_total', 'queries', 'Queries passed on.', ['database']),
});
