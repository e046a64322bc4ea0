import { defineMetrics, metricsOf } from './define.ts';

const { counter, gauge } = metricsOf({
  kind: 'recorded',
  peer: 'redis_exporter',
  version: '1.45.0',
  source: 'test/exporters/metrics/fixtures/redis-exporter-1.45.0.prom',
});

/** What redis_exporter says of a Valkey or Redis, recorded from a running Redis 7.0. */
export const redisMetrics = defineMetrics({
  up: gauge('redis_up', 'boolean', '1 if the exporter could ask the server.', []),
  memoryUsed: gauge('redis_memory_used_bytes', 'bytes', 'Memory in use.', []),
  memoryMax: gauge('redis_memory_max_bytes', 'bytes', 'Most memory it may use; 0 where nothing bounds it.', []),
  clients: gauge('redis_connected_clients', 'connections', 'Connections of clients.', []),
  maxClients: gauge('redis_config_maxclients', 'connections', 'Most connections it takes.', []),
  evictions: counter('redis_evicted_keys_total', 'keys', 'Keys that were thrown away for want of memory.', []),
  rejections: counter('redis_rejected_connections_total', 'connections', 'Connections turned away.', []),
  commands: counter('redis_commands_processed_total', 'commands', 'Commands carried out.', []),
  info: gauge('redis_instance_info', 'boolean', '1, with what the server says of itself.', [
    'maxmemory_policy',
    'os',
    'process_id',
    'redis_build_id',
    'redis_mode',
    'redis_version',
    'role',
    'run_id',
    'tcp_port',
  ]),
});
