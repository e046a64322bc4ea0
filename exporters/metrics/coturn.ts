import { defineMetrics, metricsOf } from './define.ts';

const { counter, gauge } = metricsOf({
  kind: 'recorded',
  peer: 'coturn',
  version: '4.6.2',
  source: 'https://github.com/coturn/coturn/blob/4.6.2/src/apps/relay/prom_server.c',
});

/** What coturn says of the media it relays; Debian builds it without Prometheus, so names are from its source. */
export const coturnMetrics = defineMetrics({
  allocations: gauge('turn_total_allocations', 'allocations', 'Relays in use by transport of the client.', ['type']),
  sentBytes: counter('turn_total_traffic_sentb', 'bytes', 'Bytes sent to clients by sessions that ended.', []),
  receivedBytes: counter('turn_total_traffic_rcvb', 'bytes', 'Bytes received from clients by sessions that ended.', []),
});
