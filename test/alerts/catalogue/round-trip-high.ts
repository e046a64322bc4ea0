import { roundTripHigh } from '../../../alerts/catalogue/round-trip-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

/** Tracks of a node in one direction, all with a jitter below 200 ms but some, which lie between 250 and 500: so their share moves what one in twenty exceeds. */
const tracks = (direction: string, samples: number, quiet: number) => {
  const labels = `job="livekit", instance="a:6789", pod="livekit-sfu-1", node_id="ND_a", node_type="SERVER", direction="${direction}", source="MICROPHONE", type="AUDIO", country=""`;
  const bucket = (le: string, share: number) => ({
    [`livekit_rtt_ms_bucket{${labels}, le="${le}"}`]: `0+${samples * share}x60`,
  });
  return {
    ...bucket('200', quiet),
    ...bucket('250', quiet),
    ...bucket('500', 1),
    ...bucket('+Inf', 1),
    [`livekit_rtt_ms_count{${labels}}`]: `0+${samples}x60`,
  };
};
/** All below 200 ms: what one in twenty exceeds lies at the end of the first bucket. */
const calm = (direction: string) => tracks(direction, 300, 1);
const slow = (seconds: string, direction: string) => [
  fired(
    roundTripHigh,
    'warning media livekit-sfu',
    { node_id: 'ND_a', direction },
    `On node ND_a one in twenty ${direction} tracks has a round trip above ${seconds}.`,
  ),
];

export const proof = proves(roundTripHigh, {
  // 0.95 lies between a share of 0.94 at 250 ms and 1 at 500 ms: a sixth of the way.
  'it fires after five minutes for the direction that is slow, a little above 250 ms': fires(
    { ...tracks('incoming', 300, 0.94), ...calm('outgoing') },
    ['4m45s', '8m'],
    slow('291.7ms', 'incoming'),
  ),
  'it stays silent a little below': silent(tracksBetween(0.85), '12m'),
  'it knows how many tracks are enough to judge by: 21 are, 19 are not': [
    fires(tracks('outgoing', 63, 0.9), ['2m', '12m'], slow('375ms', 'outgoing')),
    silent(tracks('outgoing', 57, 0.9), '12m'),
  ],
  'it stays silent without samples and without data': [silent(tracks('incoming', 0, 0), '12m'), silent({}, '12m')],
});

/** Everything below 250 ms, that share of it below 200: 0.95 of 1 lies at 200 + 50 × (0.95 − share) / (1 − share). */
function tracksBetween(share: number) {
  const labels =
    'job="livekit", instance="a:6789", pod="livekit-sfu-1", node_id="ND_a", node_type="SERVER", direction="incoming", source="MICROPHONE", type="AUDIO", country=""';
  return {
    [`livekit_rtt_ms_bucket{${labels}, le="200"}`]: `0+${300 * share}x60`,
    [`livekit_rtt_ms_bucket{${labels}, le="250"}`]: '0+300x60',
    [`livekit_rtt_ms_bucket{${labels}, le="+Inf"}`]: '0+300x60',
    [`livekit_rtt_ms_count{${labels}}`]: '0+300x60',
  };
}
