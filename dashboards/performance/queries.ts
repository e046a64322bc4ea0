import { contractMetrics as promised } from '../../exporters/metrics/contracts.ts';

/** The two queries of the operations runbook, word for word but for the interval, which follows the zoom. */
export const performanceQueries = {
  requests: `sum(rate(${promised.httpRequests.name}{namespace="gomeet"}[$__rate_interval])) by (service)`,
  latency: `histogram_quantile(0.95, sum(rate(${promised.httpDuration.name}_bucket{namespace="gomeet"}[$__rate_interval])) by (le, service))`,
} as const;
