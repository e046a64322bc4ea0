import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
import type { Objective } from './define.ts';

// A WebSocket counts as its whole life, so it is left out. 1.2 s is a bound of Traefik's own buckets, so this is exact.
const http = 'entrypoint="websecure", protocol="http"';
const { name } = traefik.entrypointDuration;
const all = `sum(rate(${name}_count{${http}}[5m]))`;

/** Requests are answered quickly, as the gateway sees it. */
export const apiLatency: Objective = {
  name: 'ApiLatency',
  key: 'api_latency',
  promise: 'Requests are answered within 1.2 s',
  objective: 0.99,
  owner: 'api',
  service: 'traefik',
  bad: `(${all} - sum(rate(${name}_bucket{${http}, le="1.2"}[5m])))`,
  total: all,
  leastAnHour: 30,
  impact: 'Everything feels slow: signing in, opening a meeting, chat.',
  look: [
    {
      say: 'Which service?',
      query: `histogram_quantile(0.95, sum by (service, le) (rate(${traefik.serviceDuration.name}_bucket[5m])))`,
    },
  ],
};
