import { jitterHigh } from '../../../alerts/catalogue/jitter-high.ts';
import { trackShareProof } from '../track-scenarios.ts';

export const proof = trackShareProof(jitterHigh, {
  histogram: 'livekit_jitter_us',
  le: '50000',
  other: '10',
  justBefore: '2m45s',
  words: 'a jitter above 50 ms',
});
