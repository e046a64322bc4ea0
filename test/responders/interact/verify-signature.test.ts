import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sign, verifySignature } from '../../../responders/interact/verify-signature.ts';

// The worked example of docs.slack.dev/authentication/verifying-requests-from-slack.
const vector = {
  signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  nowMs: 1_531_420_618_000,
};

describe('the signature of a request', () => {
  it("is accepted for Slack's own example", () => {
    assert.equal(verifySignature(vector), undefined);
  });

  it('is accepted up to five minutes either way', () => {
    assert.equal(verifySignature({ ...vector, nowMs: vector.nowMs + 300_000 }), undefined);
    assert.equal(verifySignature({ ...vector, nowMs: vector.nowMs - 300_000 }), undefined);
  });

  it('is refused when it is older than five minutes', () => {
    assert.equal(verifySignature({ ...vector, nowMs: vector.nowMs + 301_000 }), 'stale');
  });

  it('is refused when it comes from the future', () => {
    assert.equal(verifySignature({ ...vector, nowMs: vector.nowMs - 301_000 }), 'future');
  });

  it('is refused when the body, the time, the secret or the signature was changed', () => {
    assert.equal(verifySignature({ ...vector, body: `${vector.body}&x=1` }), 'forged');
    assert.equal(verifySignature({ ...vector, timestamp: '1531420619' }), 'forged');
    assert.equal(verifySignature({ ...vector, signingSecret: 'another' }), 'forged');
    assert.equal(verifySignature({ ...vector, signature: vector.signature.replace(/.$/, '4') }), 'forged');
  });

  it('is refused when it is absent, empty or of another shape', () => {
    assert.equal(verifySignature({ ...vector, signature: undefined }), 'unsigned');
    assert.equal(verifySignature({ ...vector, timestamp: undefined }), 'unsigned');
    for (const signature of ['', 'v0=', 'v1=00', `${vector.signature}00`, vector.signature.toUpperCase()])
      assert.equal(verifySignature({ ...vector, signature }), 'forged', signature);
    for (const timestamp of ['', 'NaN', '1e9', '-1', ' 1531420618'])
      assert.equal(verifySignature({ ...vector, timestamp }), 'forged', timestamp);
  });

  it('is refused when no secret is set, even for a signature made with none', () => {
    assert.equal(
      verifySignature({ ...vector, signingSecret: '', signature: sign('x', vector.timestamp, vector.body) }),
      'unsigned',
    );
  });
});
