import { turnShareHigh } from '../../../alerts/catalogue/turn-share-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const relayed = (node: string) =>
  `livekit_connection_total{job="livekit", instance="${node}:6789", pod="${node}", node_id="${node}", node_type="SERVER", kind="incoming"}`;
const people = 'gomeet_participants{job="livekit-exporter", instance="e1", state="active", kind="standard"}';
const high = (percent: string) => [
  fired(
    turnShareHigh,
    'warning media livekit-sfu',
    {},
    `For each person there are ${percent} connections by TURN or TCP.`,
  ),
];

export const proof = proves(turnShareHigh, {
  'it fires after five minutes over all nodes together': fires(
    { [relayed('ND_a')]: '30x60', [relayed('ND_b')]: '3x60', [people]: '100x60' },
    ['4m45s', '5m15s'],
    high('33%'),
  ),
  'it stays silent just below, and for a moment': [
    silent({ [relayed('ND_a')]: '27x60', [people]: '100x60' }, '9m'),
    silent({ [relayed('ND_a')]: '27x8 90x8 27x40', [people]: '100x60' }, ['4m', '9m']),
  ],
  'it knows how many people are enough to judge by: 55 are, 45 are not': [
    fires({ [relayed('ND_a')]: '55x60', [people]: '55x60' }, ['4m', '9m'], high('100%')),
    silent({ [relayed('ND_a')]: '45x60', [people]: '45x60' }, '9m'),
  ],
  'it stays silent where nobody is relayed, where nobody is there, and without data': [
    silent({ [people]: '100x60' }, '9m'),
    silent({ [relayed('ND_a')]: '0x60', [people]: '0x60' }, '9m'),
    silent({}, '9m'),
  ],
});
