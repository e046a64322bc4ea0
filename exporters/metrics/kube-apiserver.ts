import { defineMetrics, metricsOf } from './define.ts';

const { counter, histogram } = metricsOf({
  kind: 'recorded',
  peer: 'kube-apiserver',
  version: '1.36.1',
  source: 'test/exporters/metrics/fixtures/kube-apiserver-1.36.1.prom',
});

/** What the Kubernetes API server says of itself, recorded from a running one. */
export const apiServerMetrics = defineMetrics({
  requests: counter('apiserver_request_total', 'requests', 'Requests by verb, resource and code.', [
    'code',
    'component',
    'dry_run',
    'group',
    'resource',
    'scope',
    'subresource',
    'verb',
    'version',
  ]),
  duration: histogram('apiserver_request_duration_seconds', 'seconds', 'From request to answer.', [
    'component',
    'dry_run',
    'group',
    'resource',
    'scope',
    'subresource',
    'verb',
    'version',
  ]),
  policyChecks: counter(
    'apiserver_validating_admission_policy_check_total',
    'checks',
    'Demands of admission policies that an object did not meet, by what was done about it.',
    ['enforcement_action', 'error_type', 'policy', 'policy_binding'],
  ),
});
