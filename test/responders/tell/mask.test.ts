import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clean } from '../../../responders/tell/escape.ts';
import { evidenceText } from '../../../responders/tell/evidence.ts';
import { maskSecrets } from '../../../responders/tell/mask.ts';

describe('secrets in what others wrote', () => {
  const secrets: [string, string][] = [
    ['Authorization: Bearer abc.def-123456', 'abc.def-123456'],
    ['"authorization":"Basic dXNlcjpwYXNz"', 'dXNlcjpwYXNz'],
    ['curl -H "Proxy-Authorization: s3cr3tvalue"', 's3cr3tvalue'],
    ['token xoxb-123456-abcdef', '123456-abcdef'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'eyJzdWIiOiIxIn0'],
    ['postgres://gomeet:hunter22@db:5432/x', 'hunter22'],
    ['redis://:hunter22@cache:6379', 'hunter22'],
    ['PGPASSWORD=hunter22 psql', 'hunter22'],
    ['{"turnPassword": "hunter22"}', 'hunter22'],
    ['LIVEKIT_API_SECRET: hunter22', 'hunter22'],
    ['GET /rtc?access_token=hunter22&room=a', 'hunter22'],
    ['dop_v1_0123456789abcdef0123', '0123456789abcdef0123'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
    ['-----BEGIN PRIVATE KEY-----\nMIIEow cut off', 'MIIEow'],
    ['Cookie: session=hunter22; a=b', 'hunter22'],
    ['https://hooks.slack.com/services/T0/B0/hunter22', 'hunter22'],
  ];

  for (const [text, secret] of secrets) {
    it(`are hidden in: ${text.slice(0, 24).replace(/\n/g, ' ')}`, () => {
      assert.equal(maskSecrets(text).includes(secret), false, maskSecrets(text));
      assert.match(maskSecrets(text), /\[hidden/);
    });
  }

  it('are hidden even behind invisible characters', () => {
    assert.equal(clean('pass\u200bword=hunter22').includes('hunter22'), false);
  });

  it('do not swallow what is no secret', () => {
    for (const text of [
      'node sfu-3 at 94 %',
      'https://grafana.example.com/d/sfu?var=a',
      'GET /rtc 200 in 3 ms',
      'authorized 3 participants',
      'tokenizer ready',
      '10:30:00 started',
    ])
      assert.equal(maskSecrets(text), text);
  });

  it('cost no more than time in proportion, however the text is made', () => {
    const started = performance.now();
    for (const unit of ['x', 'a.', 'eyJ', 'password', '-----BEGIN ', 'a:', '://', 'secret = ', 'bearer ', '"'])
      clean(unit.repeat(1_000_000 / unit.length));

    assert.ok(performance.now() - started < 2_000, `${performance.now() - started} ms`);
  });
});

describe('evidence', () => {
  it('shows rollouts, events and the last log lines with markup dead and secrets hidden', () => {
    const text = evidenceText({
      events: [{ atMs: 0, reason: 'BackOff', message: 'restarting <!channel> token=hunter22', object: 'pod/chat-1' }],
      logLines: [
        'ready',
        '<!here> ``` password: hunter22',
        '-----BEGIN PRIVATE KEY-----',
        'MIIEow',
        '-----END PRIVATE KEY-----',
      ],
      rollouts: [{ atMs: 0, revision: '12', image: 'registry/chat:1.2' }],
    });

    assert.match(text ?? '', /rollout `12` of `registry\/chat:1\.2`/);
    assert.match(text ?? '', /BackOff `pod\/chat-1`/);
    assert.equal(/hunter22|MIIEow|<!here>|<!channel>/.test(text ?? ''), false, text);
    assert.equal(text?.match(/```/g)?.length, 2, 'the log cannot close its own block');
  });

  it('keeps the newest lines when there are too many', () => {
    const text =
      evidenceText({
        events: [],
        rollouts: [],
        logLines: Array.from({ length: 500 }, (_, line) => `line ${line} ${'x'.repeat(190)}`),
      }) ?? '';

    assert.ok(text.includes('line 499') && !text.includes('line 480'));
    assert.ok(text.length < 3_000);
  });

  it('says when there is none, and is silent about what is no evidence', () => {
    assert.match(
      evidenceText({ events: [], rollouts: [], logLines: [] }) ?? '',
      /no recent rollout, event or log line/,
    );
    assert.equal(evidenceText({ reason: 'budget' }), undefined);
  });
});
