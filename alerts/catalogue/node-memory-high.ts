import { nodeMetrics as node } from '../../exporters/metrics/node.ts';
import { duration } from '../../kernel/duration.ts';
import { defineTunable } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of a machine's memory, 0 to 1. */
export const maxNodeMemoryRatio = 0.9;
const used = `max by (node) (1 - ${node.memoryAvailable.name} / ${node.memoryTotal.name})`;

/** A machine has hardly any memory left: the kernel will kill something. */
export const nodeMemoryHigh = defineTunable({ threshold: maxNodeMemoryRatio, range: [0.7, 0.98] }, (limit) => ({
  name: 'NodeMemoryHigh',
  expr: `${used} > ${limit}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'platform',
  group: 'capacity',
  labels: { service: 'node-exporter' },
  summary: 'A machine has hardly any memory left',
  description: 'Node {{ $labels.node }} uses {{ $value | humanizePercentage }} of its memory.',
  runbook: {
    meaning: `For five minutes more than ${Number((100 * limit).toPrecision(6))} % of the machine's memory was in use.`,
    impact: 'Soon the kernel kills the largest pod, or the kubelet evicts some.',
    diagnosis: [
      { say: 'Which machines?', query: used },
      {
        say: 'Which pods?',
        command: 'kubectl -n gomeet top pods --sort-by=memory',
        expect: 'No pod far above what it requests.',
      },
      { say: 'Was something killed already?', query: `increase(${node.oomKills.name}[1h])` },
      {
        say: 'What is promised there?',
        command: 'kubectl describe node NODE',
        expect: 'Requests of memory below 100%.',
      },
    ],
    mitigation: [
      {
        say: 'Add a machine to the pool, if all its machines are full.',
        action: 'raiseNodePool',
        params: { step: 1 },
        approval: 'one',
      },
      callThePersonOnCall,
    ],
    person: 'Restart what leaks, set limits, or add a machine.',
    leave: 'A backup or an import that ends within minutes. Caches of files are no reason: they count as available.',
    answers: ['High CPU/Memory Usage'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: used, unit: 'ratio', threshold: limit, direction: 'above', legend: '{{node}}' },
  },
}));
