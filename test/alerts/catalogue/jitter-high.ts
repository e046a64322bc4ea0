import { jitterHigh } from '../../../alerts/catalogue/jitter-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

/** Tracks of a node in one direction, below 30 ms but some, which lie between 50 and 70: so their share moves what one in twenty exceeds. */
const tracks = (direction: string, samples: number, quiet: number) => {
  const labels = `job="livekit", instance="a:6789", pod="livekit-sfu-1", node_id="ND_a", node_type="SERVER", direction="${direction}", source="MICROPHONE", type="AUDIO", country=""`;
  const bucket = (le: string, share: number) => ({
    [`livekit_jitter_us_bucket{${labels}, le="${le}"}`]: `0+${samples * share}x60`,
  });
  return {
    ...bucket('30000', quiet),
    ...bucket('50000', quiet),
    ...bucket('70000', 1),
    ...bucket('+Inf', 1),
    [`livekit_jitter_us_count{${labels}}`]: `0+${samples}x60`,
  };
};
/** All below 30 ms: what one in twenty exceeds lies at the end of the first bucket. */
const calm = (direction: string) => tracks(direction, 300, 1);
const shaky = (seconds: string, direction: string) => [
  fired(
    jitterHigh,
    'warning media livekit-sfu',
    { node_id: 'ND_a', direction },
    `On node ND_a one in twenty ${direction} tracks has a jitter above ${seconds}.`,
  ),
];

export const proof = proves(jitterHigh, {
  // 0.95 lies between a share of 0.94 at 50 ms and 1 at 70 ms: a sixth of the way.
  'it fires after three minutes for the direction that shakes, a little above 50 ms': fires(
    { ...tracks('incoming', 300, 0.94), ...calm('outgoing') },
    ['2m45s', '5m'],
    shaky('53.33ms', 'incoming'),
  ),
  'it stays silent a little below': silent(tracksBetween(0.85), '9m'),
  'it knows how many tracks are enough to judge by: 21 are, 19 are not': [
    fires(tracks('outgoing', 63, 0.9), ['2m', '9m'], shaky('60ms', 'outgoing')),
    silent(tracks('outgoing', 57, 0.9), '9m'),
  ],
  'it stays silent without samples and without data': [silent(tracks('incoming', 0, 0), '9m'), silent({}, '9m')],
});

/** Everything below 50 ms, that share of it below 30: 0.95 of 1 lies at 30 + 20 × (0.95 − share) / (1 − share). */
function tracksBetween(share: number) {
  const labels =
    'job="livekit", instance="a:6789", pod="livekit-sfu-1", node_id="ND_a", node_type="SERVER", direction="incoming", source="MICROPHONE", type="AUDIO", country=""';
  return {
    [`livekit_jitter_us_bucket{${labels}, le="30000"}`]: `0+${300 * share}x60`,
    [`livekit_jitter_us_bucket{${labels}, le="50000"}`]: '0+300x60',
    [`livekit_jitter_us_bucket{${labels}, le="+Inf"}`]: '0+300x60',
    [`livekit_jitter_us_count{${labels}}`]: '0+300x60',
  };
}
