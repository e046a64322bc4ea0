import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { nodeMetrics as node } from '../../exporters/metrics/node.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const pressure = `max by (node, condition) (${kube.nodeCondition.name}{job="${jobs.kubeStateMetrics}", condition=~"MemoryPressure|DiskPressure|PIDPressure", status="true"})`;

/** Kubernetes says that a machine is short of memory, disk or process ids, and sends no pods there. */
export const nodeUnderPressure = defineAlert({
  name: 'NodeUnderPressure',
  expr: `${pressure} == 1`,
  for: duration('2m'),
  severity: 'warning',
  owner: 'platform',
  group: 'capacity',
  labels: { service: 'kube-state-metrics' },
  summary: 'A machine is under pressure',
  description: 'Node {{ $labels.node }} is under {{ $labels.condition }}.',
  runbook: {
    meaning: 'The kubelet has set this condition: it evicts pods, and none is placed there until it is over.',
    impact: 'Pods are thrown off the machine. One of an SFU takes its meetings with it.',
    diagnosis: [
      { say: 'Which machine, and what is it short of?', query: pressure },
      { say: 'Who uses it up?', command: 'kubectl describe node NODE', expect: 'All pressures False.' },
      {
        say: 'Disk: which file system?',
        query: `min by (node, mountpoint) (${node.diskFree.name} / ${node.diskSize.name})`,
      },
    ],
    mitigation: [declareIncident(3, 'pods are thrown off the machine.', 'one'), callThePersonOnCall],
    person: 'Clean up images and logs, or move what is hungry.',
    leave: 'DiskPressure alone, minutes after an image was pulled: the kubelet clears unused images by itself.',
    answers: ['High CPU/Memory Usage'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: pressure, unit: 'count', threshold: 0, direction: 'above', legend: '{{node}} {{condition}}' },
  },
});
