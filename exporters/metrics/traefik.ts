import { defineMetrics, metricsOf } from './define.ts';

const { counter, gauge, histogram } = metricsOf({ kind: 'live', peer: 'traefik', version: '3.5.4' });
const request = ['code', 'method', 'protocol'] as const;

/** What the gateway says of every request from outside: the objectives of the API rest on it, not on what a service promises to say of itself. */
export const traefikMetrics = defineMetrics({
  entrypointRequests: counter('traefik_entrypoint_requests_total', 'requests', 'Requests that came in.', [
    ...request,
    'entrypoint',
  ]),
  entrypointDuration: histogram(
    'traefik_entrypoint_request_duration_seconds',
    'seconds',
    'From request to answer at the entry point; a WebSocket counts as its whole life.',
    [...request, 'entrypoint'],
  ),
  serviceRequests: counter('traefik_service_requests_total', 'requests', 'Requests passed on to a service.', [
    ...request,
    'service',
  ]),
  serviceDuration: histogram(
    'traefik_service_request_duration_seconds',
    'seconds',
    'From request to answer of a service.',
    [...request, 'service'],
  ),
  openConnections: gauge('traefik_open_connections', 'connections', 'Connections that are open.', [
    'entrypoint',
    'protocol',
  ]),
  certificateEnd: gauge(
    'traefik_tls_certs_not_after',
    'seconds since the epoch',
    'When a certificate that the gateway serves ends.',
    ['cn', 'sans', 'serial'],
  ),
  lastReloadOk: gauge(
    'traefik_config_last_reload_success',
    'seconds since the epoch',
    'When the configuration was last taken up.',
    [],
  ),
});
