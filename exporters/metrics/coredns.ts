import { defineMetrics, metricsOf } from './define.ts';

const { counter, histogram } = metricsOf({ kind: 'live', peer: 'coredns', version: '1.12.4' });

/** What the cluster's name server says of itself. */
export const corednsMetrics = defineMetrics({
  responses: counter('coredns_dns_responses_total', 'answers', 'Answers by their code.', [
    'server',
    'zone',
    'view',
    'rcode',
    'plugin',
  ]),
  duration: histogram('coredns_dns_request_duration_seconds', 'seconds', 'From question to answer.', [
    'server',
    'zone',
    'view',
  ]),
});
