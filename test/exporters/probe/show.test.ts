import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trial } from '../../../exporters/probe/domain.ts';
import { exitCodeOf, trialText } from '../../../exporters/probe/show.ts';

const good: Trial = {
  outcome: 'success',
  seconds: { validate: 0.012, join: 0.4 },
  quality: {
    tracks: [{ direction: 'up', kind: 'audio', lossRatio: 0.0125, jitterSeconds: 0.004 }],
    roundTrips: [{ direction: 'down', seconds: 0.03 }],
  },
};
const bad = (reason: 'timeout' | 'crashed'): Trial => ({
  outcome: 'failure',
  stage: 'join',
  reason,
  seconds: { validate: 0.012 },
});

test('a good trial says how long each stage took and what its media went through', () => {
  assert.equal(
    trialText(good),
    `validate   12 ms
join       400 ms
up audio   1.25 % lost, 4 ms jitter
down       30 ms round trip
The trial meeting went all the way.
`,
  );
});

test('a failed one says where, why, and what to look at', () => {
  assert.match(trialText(bad('timeout')), /^validate {3}12 ms\njoin {7}failed: timeout\nno answer in time: .*TURN\n$/);
});

test('what could not be tried is unknown, and neither good nor bad', () => {
  assert.deepEqual([good, bad('timeout'), bad('crashed')].map(exitCodeOf), [0, 4, 3]);
});
