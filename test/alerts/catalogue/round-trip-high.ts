import { roundTripHigh } from '../../../alerts/catalogue/round-trip-high.ts';
import { trackShareProof } from '../track-scenarios.ts';

export const proof = trackShareProof(roundTripHigh, {
  histogram: 'livekit_rtt_ms',
  le: '250',
  other: '10',
  justBefore: '4m45s',
  words: 'a round trip above 250 ms',
});
