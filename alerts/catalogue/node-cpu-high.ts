import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { nodeMetrics as node } from '../../exporters/metrics/node.ts';
import { duration } from '../../kernel/duration.ts';
import { defineTunable } from '../define.ts';
import { ofPlatform } from '../scope.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of a machine's CPU, 0 to 1. */
export const maxNodeCpuRatio = 0.9;
const busy = `1 - avg by (node) (rate(${node.cpuSeconds.name}{mode="idle"}[5m]))`;

/** A machine has hardly any CPU left. Machines of SFUs have an alert of their own, with a lower bound. */
export const nodeCpuHigh = defineTunable({ threshold: maxNodeCpuRatio, range: [0.6, 0.98] }, (limit) => ({
  name: 'NodeCpuHigh',
  expr: `${busy} > ${limit}`,
  for: duration('15m'),
  severity: 'warning',
  owner: 'platform',
  group: 'capacity',
  labels: { service: 'node-exporter' },
  summary: 'A machine has hardly any CPU left',
  description: 'Node {{ $labels.node }} uses {{ $value | humanizePercentage }} of its CPU.',
  runbook: {
    meaning: `For a quarter of an hour the machine has used more than ${Number((100 * limit).toPrecision(6))} % of its CPU, all cores and all pods together.`,
    impact: 'Everything on it gets slow; on a machine of SFUs, people hear gaps.',
    diagnosis: [
      { say: 'Which machines?', query: busy },
      { say: 'Who uses it?', command: 'kubectl top nodes', expect: 'CPU% below 90.' },
      {
        say: 'Which pods?',
        command: 'kubectl -n gomeet top pods --sort-by=cpu',
        expect: 'No pod far above what it requests.',
      },
      {
        say: 'Do they ask for less than they use?',
        query: `sum by (node) (${kube.containerRequests.name}{${ofPlatform}, resource="cpu"})`,
      },
    ],
    mitigation: [
      {
        say: 'Add a machine to the pool, if all its machines are busy.',
        action: 'raiseNodePool',
        params: { step: 1 },
        approval: 'one',
      },
      callThePersonOnCall,
    ],
    person: 'Raise what the hungry pod requests, so that it is placed elsewhere; or add a machine.',
    leave: 'A build or a backup that ends within minutes.',
    answers: ['High CPU/Memory Usage'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: busy, unit: 'ratio', threshold: limit, direction: 'above', legend: '{{node}}' },
  },
}));
