import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform, serviceOfAutoscaler } from '../scope.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const blind = serviceOfAutoscaler(
  `max by (horizontalpodautoscaler) (${kube.autoscalerCondition.name}{${ofPlatform}, condition="ScalingActive", status="false"})`,
);

/** An autoscaler cannot read what it goes by, and does nothing: neither up nor down. */
export const autoscalerBlind = defineAlert({
  name: 'AutoscalerBlind',
  expr: `max by (service) (${blind}) == 1`,
  for: duration('10m'),
  severity: 'warning',
  owner: 'platform',
  group: 'capacity',
  summary: 'An autoscaler does not see its metric',
  description: 'The autoscaler of {{ $labels.service }} cannot read a metric and stands still.',
  runbook: {
    meaning:
      'Kubernetes says of this autoscaler that it is not active: a metric is missing, or the metrics server is away.',
    impact: 'The service keeps the replicas that it has, whatever comes.',
    diagnosis: [
      { say: 'Which metric?', command: 'kubectl -n gomeet describe hpa SERVICE-hpa', expect: 'ScalingActive True.' },
      {
        say: 'Is the metrics server there?',
        command: 'kubectl get apiservices v1beta1.metrics.k8s.io',
        expect: 'AVAILABLE True.',
      },
      {
        say: 'Does the query of the autoscaler give data?',
        command: 'kubectl -n gomeet get hpa',
        expect: 'No <unknown> under TARGETS.',
      },
    ],
    mitigation: [declareIncident(4, 'the service does not scale until it is mended.', 'one'), callThePersonOnCall],
    person: 'Repair the metric; until then set the replicas by hand, and take that back.',
    leave: 'It is scaled to nothing on purpose.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: blind, unit: 'count', threshold: 0, direction: 'above', legend: '{{service}}' },
  },
});
