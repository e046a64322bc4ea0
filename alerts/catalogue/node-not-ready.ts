import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const ready = `max by (node) (${kube.nodeCondition.name}{job="${jobs.kubeStateMetrics}", condition="Ready", status="true"})`;

/** A machine does not answer Kubernetes: its pods are lost in five minutes, its meetings at once. */
export const nodeNotReady = defineAlert({
  name: 'NodeNotReady',
  expr: `${ready} == 0`,
  for: duration('3m'),
  severity: 'critical',
  owner: 'platform',
  group: 'critical',
  labels: { service: 'kube-state-metrics' },
  summary: 'A machine does not answer',
  description: 'Node {{ $labels.node }} has not been ready for minutes.',
  runbook: {
    meaning: 'Kubernetes has not heard from the kubelet of this machine. It is down, hangs, or lost its network.',
    impact:
      'Meetings on it froze and were placed anew. What else ran there is started elsewhere after five minutes, if there is room.',
    diagnosis: [
      { say: 'Only one?', query: `count(${ready} == 0)` },
      { say: 'Why?', command: 'kubectl describe node NODE', expect: 'Ready True, no pressure.' },
      {
        say: 'What ran there?',
        command: 'kubectl -n gomeet get pods -o wide --field-selector spec.nodeName=NODE',
        expect: 'Nothing that is the last of its kind.',
      },
      { say: 'Does the Droplet run?', command: 'doctl compute droplet list', expect: 'Status active.' },
    ],
    mitigation: [
      declareIncident(2, 'meetings were cut, and the cluster is a machine short.'),
      {
        say: 'If pods wait for room: add a machine to the pool in which they wait.',
        action: 'raiseNodePool',
        params: { step: 1 },
        approval: 'one',
      },
      callThePersonOnCall,
    ],
    person:
      'Have DigitalOcean replace the machine: `doctl kubernetes cluster node-pool delete-node CLUSTER POOL NODE`, only when it surely is dead, since meetings on it would be cut; the pool brings another.',
    leave: 'The pool is being upgraded: DigitalOcean takes one node after the other.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: { query: ready, unit: 'count', threshold: 1, direction: 'below', legend: '{{node}}' },
  },
});
