import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hideSecrets } from '../../kernel/secrets.ts';

describe('hideSecrets', () => {
  const cases: Readonly<Record<string, [string, string]>> = {
    'an authorization header': ['Authorization: Bearer abcdefgh', 'Authorization: [hidden]'],
    'a header in JSON': ['{"authorization":"Bearer abcdefgh","a":1}', '{"authorization":"[hidden]","a":1}'],
    'a bearer token by itself': ['got Bearer tok-admin-1234', 'got Bearer [hidden]'],
    'a JWT': ['user eyJhbGciOiJ.eyJzdWIiOiI.c2ln said', 'user [hidden] said'],
    'a DigitalOcean token': ['dop_v1_0123456789abcdef0123 is wrong', '[hidden] is wrong'],
    'a Slack token': ['xoxb-123456789-abc is wrong', '[hidden] is wrong'],
    'a password in an address': ['postgres://gomeet:hunter2@db:5432/x', 'postgres://gomeet:[hidden]@db:5432/x'],
    'a password by its name': [
      'DB_PASSWORD=hunter2 and turnPassword: "abcd"',
      'DB_PASSWORD=[hidden] and turnPassword: "[hidden]"',
    ],
  };
  for (const [name, [text, clean]] of Object.entries(cases)) {
    it(`cuts ${name}`, () => {
      assert.equal(hideSecrets(text), clean);
    });
  }

  it('leaves ordinary sentences alone', () => {
    for (const text of [
      'deployments.apps "livekit-sfu" is forbidden: User "system:serviceaccount:gomeet:responder" cannot patch resource "deployments"',
      'the token has expired; bearer authentication is required',
      'back-off 5m0s restarting failed container=auth-service',
      'GET https://127.0.0.1:6443/api/v1/pods?limit=500',
    ]) {
      assert.equal(hideSecrets(text), text);
    }
  });

  it('cuts a secret that is named wherever it stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.stringMatching(/^[A-Za-z0-9_+/-]{8,40}$/), (before, after, secret) => {
        fc.pre(!'[hidden]'.includes(secret));
        assert.equal(hideSecrets(`${before}${secret}${after}`, [secret]).includes(secret), false);
      }),
    );
  });
});
