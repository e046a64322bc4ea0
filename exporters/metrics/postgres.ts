import { defineMetrics, metricsOf } from './define.ts';

const { counter, gauge } = metricsOf({
  kind: 'recorded',
  peer: 'postgres_exporter',
  version: '0.11.1',
  source: 'test/exporters/metrics/fixtures/postgres-exporter-0.11.1.prom',
});
const server = ['server'] as const;
const database = ['datid', 'datname', 'server'] as const;

/** What postgres_exporter says of a PostgreSQL 15 with one standby, recorded from a running pair. */
export const postgresMetrics = defineMetrics({
  up: gauge('pg_up', 'boolean', '1 if the exporter could ask the server.', []),
  backends: gauge('pg_stat_database_numbackends', 'connections', 'Connections to a database.', [...database]),
  maxConnections: gauge('pg_settings_max_connections', 'connections', 'Most connections the server takes.', [
    ...server,
  ]),
  longestTransaction: gauge(
    'pg_stat_activity_max_tx_duration',
    'seconds',
    'Age of the longest transaction by database and state.',
    ['datname', 'server', 'state'],
  ),
  deadlocks: counter('pg_stat_database_deadlocks', 'deadlocks', 'Deadlocks of a database.', [...database]),
  commits: counter('pg_stat_database_xact_commit', 'transactions', 'Transactions that were committed.', [...database]),
  rollbacks: counter('pg_stat_database_xact_rollback', 'transactions', 'Transactions that were rolled back.', [
    ...database,
  ]),
  replicaBehind: gauge(
    'pg_stat_replication_pg_wal_lsn_diff',
    'bytes',
    'How far a standby is behind, in bytes of WAL.',
    ['application_name', 'client_addr', 'server', 'slot_name', 'state'],
  ),
  databaseSize: gauge('pg_database_size_bytes', 'bytes', 'Size of a database on disk.', ['datname', 'server']),
});
