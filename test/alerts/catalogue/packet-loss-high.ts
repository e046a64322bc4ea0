import { packetLossHigh } from '../../../alerts/catalogue/packet-loss-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

/** Tracks of a node in one direction: samples each 15 s, and what they lose on the mean in percent. */
const tracks = (node: string, direction: string, samples: number, percent: number) => {
  const labels = `job="livekit", instance="${node}:6789", pod="livekit-sfu-1", node_id="${node}", node_type="SERVER", direction="${direction}", source="CAMERA", type="VIDEO", country=""`;
  return {
    [`livekit_packet_loss_percent_count{${labels}}`]: `0+${samples}x60`,
    [`livekit_packet_loss_percent_sum{${labels}}`]: `0+${samples * percent}x60`,
  };
};
const lost = (percent: string, direction: string) => [
  fired(
    packetLossHigh,
    'warning media livekit-sfu',
    { node_id: 'ND_a', direction },
    `On node ND_a ${percent} of the ${direction} packets are lost.`,
  ),
];

export const proof = proves(packetLossHigh, {
  'it fires after three minutes for the node and the direction that lose': fires(
    {
      ...tracks('ND_a', 'incoming', 300, 2.2),
      ...tracks('ND_a', 'outgoing', 300, 0.1),
      ...tracks('ND_b', 'incoming', 300, 1),
    },
    ['2m45s', '5m'],
    lost('2.2%', 'incoming'),
  ),
  'it stays silent just below, up and down': silent(
    { ...tracks('ND_a', 'incoming', 300, 1.8), ...tracks('ND_a', 'outgoing', 300, 1.8) },
    '9m',
  ),
  'it knows how many tracks are enough to judge by: 21 are, 19 are not': [
    fires(tracks('ND_a', 'outgoing', 63, 5), ['2m', '9m'], lost('5%', 'outgoing')),
    silent(tracks('ND_a', 'outgoing', 57, 5), '9m'),
  ],
  'it stays silent without samples and without data': [
    silent(tracks('ND_a', 'incoming', 0, 0), '9m'),
    silent({}, '9m'),
  ],
});
