import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform, serviceOfAutoscaler } from '../scope.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const wants = serviceOfAutoscaler(`max by (horizontalpodautoscaler) (${kube.autoscalerWants.name}{${ofPlatform}})`);
const most = serviceOfAutoscaler(`max by (horizontalpodautoscaler) (${kube.autoscalerMax.name}{${ofPlatform}})`);
const share = `max by (service) (${wants}) / max by (service) (${most})`;

/** An autoscaler asks for all that it may: it could not answer more load. */
export const autoscalerAtMaximum = defineAlert({
  name: 'AutoscalerAtMaximum',
  expr: `${share} == 1`,
  for: duration('15m'),
  severity: 'warning',
  owner: 'platform',
  group: 'capacity',
  summary: 'An autoscaler is at its maximum',
  description: 'The autoscaler of {{ $labels.service }} has asked for all its replicas for a quarter of an hour.',
  runbook: {
    meaning:
      'For a quarter of an hour the autoscaler wanted its maximum. More load will not be answered by more replicas.',
    impact: 'None yet; then requests get slower and are turned away.',
    diagnosis: [
      { say: 'How close are the others?', query: share },
      {
        say: 'What drives it?',
        command: 'kubectl -n gomeet describe hpa SERVICE-hpa',
        expect: 'Each metric below its target.',
      },
      { say: 'Do all those replicas run?', query: `${kube.availableReplicas.name}{${ofPlatform}}` },
      {
        say: 'Do pods wait for a machine? Then a higher ceiling alone does not help.',
        command: 'kubectl -n gomeet get pods -l app=SERVICE',
        expect: 'None Pending.',
      },
    ],
    mitigation: [declareIncident(4, 'the ceiling has to be raised, or load brought down.', 'one'), callThePersonOnCall],
    person:
      'Raise the ceiling in the catalogue, after a look at what it costs; or find why each replica carries less than before.',
    leave: 'The peak is the one that was planned for, and it is nearly over.',
    answers: ['High CPU/Memory Usage'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: share, unit: 'ratio', threshold: 1, direction: 'above', legend: '{{service}}' },
  },
});
