import { sfuHeadroomLow } from '../../../alerts/catalogue/sfu-headroom-low.ts';
import { type Firing, proves } from '../scenario.ts';

const slots = (node: string, exporter = 'e1') =>
  `gomeet_sfu_node_free_slots{job="livekit-exporter", instance="${exporter}", node_id="${node}"}`;
const low = (value: number): Firing => ({
  labels: { severity: 'warning', owner: 'media', service: 'livekit-sfu' },
  summary: 'The SFU fleet has hardly any room for another large meeting',
  description: `${value} more meetings of 500 people fit, now or with one node gone.`,
  runbook_url: 'https://runbooks.gomeet.com/SfuHeadroomLow',
});

export const proof = proves(sfuHeadroomLow, {
  'it fires a minute after fewer than two large meetings fit, and not before': {
    series: { [slots('ND_a')]: '1x4 0x40', [slots('ND_b')]: '1x60' },
    expect: [
      { at: '2m', firing: [] },
      { at: '2m30s', firing: [low(1)] },
    ],
  },
  'it fires when all free room is on one node, since that node may be the one that is lost': {
    series: { [slots('ND_a')]: '3x40', [slots('ND_b')]: '0x40' },
    expect: [{ at: '5m', firing: [low(0)] }],
  },
  'it fires when no room is left at all': {
    series: { [slots('ND_a')]: '0x40' },
    expect: [{ at: '5m', firing: [low(0)] }],
  },
  'it stays silent when two large meetings fit on two nodes': {
    series: { [slots('ND_a')]: '1x40', [slots('ND_b')]: '1x40' },
    expect: [{ at: '9m', firing: [] }],
  },
  'it does not count a node twice because two exporters see it': {
    series: { [slots('ND_a', 'e1')]: '1x40', [slots('ND_a', 'e2')]: '1x40' },
    expect: [{ at: '5m', firing: [low(1)] }],
  },
  'it stays silent without data: no data is no want of room': { series: {}, expect: [{ at: '10m', firing: [] }] },
});
