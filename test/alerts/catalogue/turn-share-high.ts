import { turnShareHigh } from '../../../alerts/catalogue/turn-share-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const tcp = (node: string) =>
  `node_netstat_Tcp_CurrEstab{job="node-exporter", instance="${node}:9100", node="${node}"}`;
const sfu = (node: string) => ({
  [`up{job="livekit", instance="${node}:6789", pod="livekit-sfu-${node}", kubernetes_node="${node}"}`]: '1x60',
});
const people = 'gomeet_participants{job="livekit-exporter", instance="e1", state="active", kind="standard"}';
const high = (percent: string) => [
  fired(
    turnShareHigh,
    'warning media livekit-sfu',
    {},
    `Some ${percent} of the people have a connection by TURN or TCP beside their WebSocket.`,
  ),
];

export const proof = proves(turnShareHigh, {
  'it fires after five minutes over all SFU machines together, and counts no other machine': [
    fires(
      { ...sfu('a'), ...sfu('b'), [tcp('a')]: '133x60', [tcp('b')]: '100x60', [people]: '100x60' },
      ['4m45s', '5m15s'],
      high('33%'),
    ),
    silent({ ...sfu('a'), [tcp('a')]: '150x60', [tcp('database')]: '900x60', [people]: '100x60' }, '9m'),
  ],
  'it stays silent just below, and for a moment': [
    silent({ ...sfu('a'), [tcp('a')]: '177x60', [people]: '100x60' }, '9m'),
    silent({ ...sfu('a'), [tcp('a')]: '177x8 240x8 177x40', [people]: '100x60' }, ['4m', '9m']),
  ],
  'it knows how many people are enough to judge by: 55 are, 45 are not': [
    fires({ ...sfu('a'), [tcp('a')]: '160x60', [people]: '55x60' }, ['4m', '9m'], high('100%')),
    silent({ ...sfu('a'), [tcp('a')]: '140x60', [people]: '45x60' }, '9m'),
  ],
  'it stays silent where nobody is relayed, where nobody is there, and without data': [
    silent({ ...sfu('a'), [tcp('a')]: '140x60', [people]: '100x60' }, '9m'),
    silent({ ...sfu('a'), [tcp('a')]: '900x60', [people]: '0x60' }, '9m'),
    silent({ [people]: '100x60' }, '9m'),
    silent({}, '9m'),
  ],
});
