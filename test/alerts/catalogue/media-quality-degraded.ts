import { mediaQualityDegraded } from '../../../alerts/catalogue/media-quality-degraded.ts';
import { type Firing, proves } from '../scenario.ts';

/** Samples of one node: `bad` and `all` are how many more each 15 s. */
const score = (node: string, bad: number, all: number) => {
  const labels = `job="livekit", instance="${node}:6789", pod="livekit-sfu-1", node_id="${node}", node_type="SERVER"`;
  return {
    [`livekit_quality_score_bucket{${labels}, le="3.5"}`]: `0+${bad}x60`,
    [`livekit_quality_score_bucket{${labels}, le="4.5"}`]: `0+${all}x60`,
    [`livekit_quality_score_count{${labels}}`]: `0+${all}x60`,
  };
};
const degraded = (node: string, percent: string): Firing => ({
  labels: { severity: 'warning', owner: 'media', service: 'livekit-sfu', node_id: node },
  summary: 'Many people on one SFU node hear or see badly',
  description: `On node ${node} ${percent} of the quality samples are at 3.5 (MOS) or worse.`,
  runbook_url: 'https://runbooks.gomeet.com/MediaQualityDegraded',
});

export const proof = proves(mediaQualityDegraded, {
  'it fires after three minutes in which a quarter of the samples of one node were bad': {
    series: { ...score('ND_a', 75, 300), ...score('ND_b', 3, 300) },
    expect: [
      { at: '3m45s', firing: [] },
      { at: '4m30s', firing: [degraded('ND_a', '25%')] },
    ],
  },
  'it fires when the share is just above the limit': {
    series: score('ND_a', 33, 300),
    expect: [{ at: '12m', firing: [degraded('ND_a', '11%')] }],
  },
  'it knows how many samples are enough to judge by: 21 people are, 19 are not': [
    { series: score('ND_a', 63, 63), expect: [{ at: '12m', firing: [degraded('ND_a', '100%')] }] },
    { series: score('ND_a', 57, 57), expect: [{ at: '12m', firing: [] }] },
  ],
  'it stays silent when the share is just below the limit on every node': {
    series: { ...score('ND_a', 29, 300), ...score('ND_b', 29, 300) },
    expect: [{ at: '12m', firing: [] }],
  },
  'it stays silent when few people talk, however bad it is for them': {
    series: score('ND_a', 45, 45),
    expect: [{ at: '12m', firing: [] }],
  },
  'it stays silent without samples and without data': [
    { series: score('ND_a', 0, 0), expect: [{ at: '12m', firing: [] }] },
    { series: {}, expect: [{ at: '12m', firing: [] }] },
  ],
});
