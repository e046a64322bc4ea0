import { sfuNodeLost } from '../../../alerts/catalogue/sfu-node-lost.ts';
import { type Firing, proves } from '../scenario.ts';

const state = (node: string, name: string, exporter = 'e1') =>
  `gomeet_sfu_node_state{job="livekit-exporter", instance="${exporter}", node_id="${node}", state="${name}"}`;
const lost = (node: string): Firing => ({
  labels: { severity: 'critical', owner: 'media', service: 'livekit-sfu', node_id: node },
  summary: 'An SFU node is lost',
  description: `Node ${node} has stopped reporting; the meetings on it were cut.`,
  runbook_url: 'https://runbooks.gomeet.com/SfuNodeLost',
});

export const proof = proves(sfuNodeLost, {
  'it fires half a minute after a node was lost, once for each node': {
    series: {
      [state('ND_a', 'lost')]: '0x4 1x40',
      [state('ND_a', 'serving')]: '1x4 0x40',
      [state('ND_b', 'lost', 'e1')]: '1x40',
      [state('ND_b', 'lost', 'e2')]: '1x40',
    },
    expect: [
      { at: '1m30s', firing: [lost('ND_b')] },
      { at: '2m', firing: [lost('ND_a'), lost('ND_b')] },
    ],
  },
  'it stays silent on nodes that start, serve or drain': {
    series: {
      [state('ND_a', 'draining')]: '1x40',
      [state('ND_b', 'starting')]: '1x40',
      [state('ND_c', 'serving')]: '1x40',
      [state('ND_a', 'lost')]: '0x40',
    },
    expect: [{ at: '9m', firing: [] }],
  },
  'it stays silent when a node misses one reading': {
    series: { [state('ND_a', 'lost')]: '0x4 1 0x40' },
    expect: [
      { at: '1m30s', firing: [] },
      { at: '3m', firing: [] },
    ],
  },
  'it ends when the node is listed no more, and stays silent without data': [
    {
      series: { [state('ND_a', 'lost')]: '1x10 stale' },
      expect: [
        { at: '2m', firing: [lost('ND_a')] },
        { at: '3m', firing: [] },
      ],
    },
    { series: {}, expect: [{ at: '9m', firing: [] }] },
  ],
});
