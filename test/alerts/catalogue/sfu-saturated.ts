import { sfuSaturated } from '../../../alerts/catalogue/sfu-saturated.ts';
import { type Firing, proves } from '../scenario.ts';

const load = (node: string, exporter = 'e1') =>
  `gomeet_sfu_node_cpu_load_ratio{job="livekit-exporter", instance="${exporter}", node_id="${node}"}`;
const target = 'job="livekit", instance="10.0.0.1:6789", pod="livekit-sfu-1"';
const hot = (node: string, percent: string): Firing => ({
  labels: { severity: 'critical', owner: 'media', service: 'livekit-sfu', node_id: node },
  summary: 'An SFU node is short of CPU',
  description: `Node ${node} runs at ${percent} of its CPU.`,
  runbook_url: 'https://runbooks.gomeet.com/SfuSaturated',
});

export const proof = proves(sfuSaturated, {
  'it fires two minutes after a node got hot, not before, and for that node only': {
    series: { [load('ND_a')]: '0.5x4 0.9x40', [load('ND_b')]: '0.4x60' },
    expect: [
      { at: '3m', firing: [] },
      { at: '3m30s', firing: [hot('ND_a', '90%')] },
    ],
  },
  'two exporters that see the same node make one alert, and the worse reading counts': {
    series: { [load('ND_a', 'e1')]: '0.7x40', [load('ND_a', 'e2')]: '0.95x40' },
    expect: [{ at: '5m', firing: [hot('ND_a', '95%')] }],
  },
  "without the exporter the process's own CPU counts, under the node id of the same target": {
    series: {
      [`process_cpu_seconds_total{${target}}`]: '0+27x40',
      [`go_sched_gomaxprocs_threads{${target}}`]: '2x40',
      [`livekit_room_total{${target}, node_id="ND_a", node_type="SERVER"}`]: '3x40',
    },
    expect: [{ at: '6m', firing: [hot('ND_a', '90%')] }],
  },
  'it stays silent on many nodes that are busy but not hot, since load of nodes is never added up': {
    series: Object.fromEntries(Array.from({ length: 25 }, (_, index) => [load(`ND_${index}`), '0.84x60'])),
    expect: [{ at: '10m', firing: [] }],
  },
  'it stays silent on a peak of less than two minutes': {
    series: { [load('ND_a')]: '0.5x4 0.99x6 0.5x40' },
    expect: [
      { at: '2m45s', firing: [] },
      { at: '4m', firing: [] },
    ],
  },
  'it stays silent without data, and ends when its data ends': [
    { series: {}, expect: [{ at: '10m', firing: [] }] },
    {
      series: { [load('ND_a')]: '0.9x20 stale' },
      expect: [
        { at: '5m', firing: [hot('ND_a', '90%')] },
        { at: '7m', firing: [] },
      ],
    },
  ],
});
