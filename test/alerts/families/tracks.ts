import { trackAlerts } from '../../../alerts/families/tracks.ts';
import { alertNamed, fired, fires, type Proof, proves, silent } from '../scenario.ts';

/** What an alert on the share of tracks above a bound of a histogram is held to. */
interface TrackShare {
  readonly histogram: string;
  /** The bound, as Prometheus 2 writes it. */
  readonly le: string;
  /** Another bound of the same histogram. */
  readonly other: string;
  /** When it just does not fire yet. */
  readonly justBefore: string;
  /** What the description says of the tracks. */
  readonly words: string;
}

/** Scenarios for an alert that fires when more than one track in twenty is above a bound. */
function trackShareProof(name: string, { histogram, le: bound, other, justBefore, words }: TrackShare): Proof {
  const alert = alertNamed(name, trackAlerts);
  /** Tracks of a node in one direction: samples each 15 s, and the share of them that is above the bound. */
  const tracks = (direction: string, samples: number, above: number, le = bound) => {
    const labels = `job="livekit", instance="a:6789", pod="livekit-sfu-1", node_id="ND_a", node_type="SERVER", direction="${direction}", source="MICROPHONE", type="AUDIO", country=""`;
    return {
      [`${histogram}_bucket{${labels}, le="${le}"}`]: `0+${samples * (1 - above)}x60`,
      [`${histogram}_bucket{${labels}, le="+Inf"}`]: `0+${samples}x60`,
      [`${histogram}_count{${labels}}`]: `0+${samples}x60`,
    };
  };
  const bad = (percent: string, direction: string) => [
    fired(
      alert,
      'warning media livekit-sfu',
      { node_id: 'ND_a', direction },
      `On node ND_a ${percent} of the ${direction} tracks have ${words}.`,
    ),
  ];
  return proves(alert, {
    'it fires for the direction in which a little more than one track in twenty is above the bound, however that is written':
      [
        fires(
          { ...tracks('incoming', 300, 0.055), ...tracks('outgoing', 300, 0.01) },
          [justBefore, '12m'],
          bad('5.5%', 'incoming'),
        ),
        fires(tracks('outgoing', 300, 0.055, `${bound}.0`), [justBefore, '12m'], bad('5.5%', 'outgoing')),
      ],
    'it stays silent a little below, and for what is above another bound': [
      silent({ ...tracks('incoming', 300, 0.045), ...tracks('outgoing', 300, 0.045) }, '12m'),
      silent(tracks('incoming', 300, 0.5, other), '12m'),
    ],
    'it knows how many tracks are enough to judge by: 21 are, 19 are not': [
      fires(tracks('outgoing', 63, 0.5), ['2m', '12m'], bad('50%', 'outgoing')),
      silent(tracks('outgoing', 57, 0.5), '12m'),
    ],
    'it stays silent without samples and without data': [silent(tracks('incoming', 0, 0), '12m'), silent({}, '12m')],
  });
}

const packetLossHigh = alertNamed('PacketLossHigh', trackAlerts);
/** Tracks of a node in one direction: samples each 15 s, and what they lose on the mean in percent. */
const losing = (node: string, direction: string, samples: number, percent: number) => {
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

const packetLoss = proves(packetLossHigh, {
  'it fires after three minutes for the node and the direction that lose': fires(
    {
      ...losing('ND_a', 'incoming', 300, 2.2),
      ...losing('ND_a', 'outgoing', 300, 0.1),
      ...losing('ND_b', 'incoming', 300, 1),
    },
    ['2m45s', '5m'],
    lost('2.2%', 'incoming'),
  ),
  'it stays silent just below, up and down': silent(
    { ...losing('ND_a', 'incoming', 300, 1.8), ...losing('ND_a', 'outgoing', 300, 1.8) },
    '9m',
  ),
  'it knows how many tracks are enough to judge by: 21 are, 19 are not': [
    fires(losing('ND_a', 'outgoing', 63, 5), ['2m', '9m'], lost('5%', 'outgoing')),
    silent(losing('ND_a', 'outgoing', 57, 5), '9m'),
  ],
  'it stays silent without samples and without data': [
    silent(losing('ND_a', 'incoming', 0, 0), '9m'),
    silent({}, '9m'),
  ],
});

export const proofs: readonly Proof[] = [
  packetLoss,
  trackShareProof('JitterHigh', {
    histogram: 'livekit_jitter_us',
    le: '50000',
    other: '10',
    justBefore: '2m45s',
    words: 'a jitter above 50 ms',
  }),
  trackShareProof('RoundTripHigh', {
    histogram: 'livekit_rtt_ms',
    le: '250',
    other: '10',
    justBefore: '4m45s',
    words: 'a round trip above 250 ms',
  }),
];
