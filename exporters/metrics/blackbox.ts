import { defineMetrics, metricsOf } from './define.ts';

const { gauge } = metricsOf({
  kind: 'recorded',
  peer: 'blackbox_exporter',
  version: '0.23.0',
  source: 'test/exporters/metrics/fixtures/blackbox-exporter-0.23.0.prom',
});

/** What the blackbox exporter says of an address, asked from outside the service; recorded against a TLS server. `instance` is the address, `service` whose it is: both are put on by the scrape. */
export const blackboxMetrics = defineMetrics({
  success: gauge('probe_success', 'boolean', '1 if the address answered as it should.', ['service']),
  duration: gauge('probe_duration_seconds', 'seconds', 'How long the answer took.', ['service']),
  phases: gauge('probe_http_duration_seconds', 'seconds', 'The same by phase.', ['phase', 'service']),
  status: gauge('probe_http_status_code', 'status', 'HTTP status of the answer.', ['service']),
  certificateEnd: gauge(
    'probe_ssl_earliest_cert_expiry',
    'seconds since the epoch',
    'When the first certificate of the chain ends.',
    ['service'],
  ),
});
