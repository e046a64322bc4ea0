import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform, serviceFrom } from '../scope.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const stuck = serviceFrom(
  'deployment',
  `max by (deployment) (${kube.deploymentCondition.name}{${ofPlatform}, condition="Progressing", status="false"})`,
);

/** A rollout does not go on: Kubernetes gave it up. */
export const rolloutStuck = defineAlert({
  name: 'RolloutStuck',
  expr: `max by (service) (${stuck}) == 1`,
  for: duration('1m'),
  severity: 'warning',
  owner: 'platform',
  group: 'warning',
  summary: 'A rollout does not go on',
  description: 'The rollout of {{ $labels.service }} made no progress within its deadline.',
  runbook: {
    meaning: 'The new pods did not become ready within the deadline of the Deployment. Old ones still serve.',
    impact: 'Two releases run beside each other, and the next one cannot be rolled out.',
    diagnosis: [
      { say: 'Which?', query: stuck },
      {
        say: 'What do the new pods say?',
        command: 'kubectl -n gomeet logs -l app=SERVICE --tail=50',
        expect: 'Ready, and no errors.',
      },
      {
        say: 'What changed?',
        command: 'kubectl -n gomeet rollout history deployment/SERVICE',
        expect: 'The revision that you know of.',
      },
    ],
    mitigation: [
      {
        say: 'Where another image came within the hour, go back to the one before: a person says yes, the responder does it.',
        action: 'rollBack',
        params: { within: duration('1h') },
        approval: 'one',
      },
      declareIncident(3, 'the release has to be taken back or mended.', 'one'),
      callThePersonOnCall,
    ],
    person: 'Go back with `gomeet rollout rollback SERVICE`, or mend what keeps the new pods from being ready.',
    leave: 'Somebody is going back right now.',
    answers: ['Service Not Starting'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: stuck, unit: 'count', threshold: 0, direction: 'above', legend: '{{service}}' },
  },
});
