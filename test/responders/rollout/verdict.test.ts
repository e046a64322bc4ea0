import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { httpBounds, judgeVersion, sfuBounds, type Watched } from '../../../responders/rollout/verdict.ts';

const stable: Watched = { requests: 10_000, errors: 50, latencySeconds: 0.1 };
const judged = (fresh: Watched | undefined, other: Watched | undefined = stable) =>
  judgeVersion(fresh, other, httpBounds).verdict;

describe('the verdict on a new version', () => {
  it('passes what is as good, fails what has more errors or is slower', () => {
    assert.equal(judged({ requests: 1_000, errors: 5, latencySeconds: 0.11 }), 'pass');
    assert.equal(judged({ requests: 1_000, errors: 60, latencySeconds: 0.1 }), 'fail');
    assert.equal(judged({ requests: 1_000, errors: 5, latencySeconds: 0.2 }), 'fail');
  });

  it('takes too few, or none, for no pass', () => {
    assert.equal(judged({ requests: 499, errors: 0, latencySeconds: 0.1 }), 'too-few');
    assert.equal(judged({ requests: 0, errors: 0, latencySeconds: undefined }), 'too-few');
    assert.equal(judged(undefined), 'too-few');
    const good = { requests: 1_000, errors: 5, latencySeconds: 0.1 };
    assert.equal(judgeVersion(good, undefined, httpBounds).verdict, 'too-few');
    assert.equal(judged({ requests: 1_000, errors: 5, latencySeconds: undefined }), 'too-few');
    assert.equal(judged({ requests: 1_000, errors: 5, latencySeconds: 0.1 }, { ...stable, requests: 10 }), 'too-few');
  });

  it('sends back early what is plainly broken, and not for a few unlucky requests', () => {
    assert.equal(judged({ requests: 150, errors: 75, latencySeconds: 0.1 }), 'fail');
    assert.equal(judged({ requests: 100, errors: 3, latencySeconds: 0.1 }), 'too-few');
    assert.equal(judged({ requests: 20, errors: 20, latencySeconds: 0.1 }), 'too-few');
  });

  it('holds bad media against an SFU beyond what chance gives to so few people', () => {
    const media = (people: number, bad: number) =>
      judgeVersion(
        { requests: people, errors: 0, latencySeconds: bad },
        { requests: 1_000, errors: 0, latencySeconds: 0.1 },
        { ...sfuBounds, minRequests: Math.min(people, sfuBounds.minRequests) },
      ).verdict;
    assert.equal(media(4, 0.39), 'pass');
    assert.equal(media(4, 0.9), 'fail');
    assert.equal(media(100, 0.2), 'pass');
    assert.equal(media(100, 0.3), 'fail');
    assert.equal(media(10_000, 0.2), 'fail');
  });

  it('never passes a version with three times the allowed errors, however many requests there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (requests) => {
        const errors = Math.ceil(requests * 3 * (50 / 10_000 + httpBounds.errorMargin));
        return judged({ requests, errors, latencySeconds: 0.1 }) !== 'pass';
      }),
    );
  });
});
