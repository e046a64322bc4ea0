import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform, serviceOfPod } from '../scope.ts';
import { callThePersonOnCall } from '../steps.ts';

const waiting = `count by (service) (${serviceOfPod(`max by (pod) (${kube.podUnschedulable.name}{${ofPlatform}}) == 1`)})`;

/** Pods find no machine: the service has fewer replicas than it should. */
export const podsPending = defineAlert({
  name: 'PodsPending',
  expr: `${waiting} > 0`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'platform',
  group: 'warning',
  summary: 'Pods find no machine to run on',
  description: '{{ $value }} pods of {{ $labels.service }} wait for a machine.',
  runbook: {
    meaning: 'For five minutes the scheduler has found no machine with room for these pods.',
    impact: 'The service has fewer replicas than it should; SFU pods that wait are meetings that find no room.',
    diagnosis: [
      { say: 'Which services?', query: waiting },
      {
        say: 'Why does none fit?',
        command: 'kubectl -n gomeet describe pods -l app=SERVICE',
        expect: 'No FailedScheduling among the events.',
      },
      {
        say: 'What is promised already?',
        query: `sum by (node) (${kube.containerRequests.name}{${ofPlatform}, resource="cpu"})`,
      },
      {
        say: 'Is the pool at its maximum?',
        query: `max by (pool) (${cloud.poolNodes.name}) / on (pool) max by (pool) (${cloud.poolMaxNodes.name})`,
      },
    ],
    mitigation: [
      {
        say: 'Add a machine to the pool in which they wait. It costs money.',
        action: 'raiseNodePool',
        params: { step: 1 },
        approval: 'one',
      },
      callThePersonOnCall,
    ],
    person: 'Raise the maximum of the pool, or lower what the pod requests.',
    leave: 'The autoscaler of the cluster is bringing a machine: that takes two to four minutes.',
    answers: ['Service Not Starting'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: waiting, unit: 'count', threshold: 0, direction: 'above', legend: '{{service}}' },
  },
});
