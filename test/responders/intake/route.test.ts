import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { silentLog } from '../../../kernel/log.ts';
import { intakeRoute, type WebhookResult } from '../../../responders/intake/route.ts';
import { maxBodyBytes, type WebhookAlert } from '../../../responders/intake/schema.ts';

const token = 'intake-test-token-1';
const alert = {
  status: 'firing',
  labels: { alertname: 'SfuSaturated' },
  annotations: {},
  startsAt: '2026-11-22T00:00:00Z',
  fingerprint: '00000000000000aa',
};
const webhook = (change: object = {}) => ({ version: '4', truncatedAlerts: 0, alerts: [alert], ...change });
const withAlert = (change: object) => webhook({ alerts: [{ ...alert, ...change }] });

function intake(failure?: Error) {
  const accepted: WebhookAlert[] = [];
  const counted: WebhookResult[] = [];
  const app = intakeRoute({
    token,
    log: silentLog,
    async accept(alerts) {
      if (failure !== undefined) throw failure;
      accepted.push(...alerts);
    },
    counted: (result) => void counted.push(result),
  });
  const send = async (
    body: string | object,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ) => {
    const response = await app.request('/alertmanager', {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  return { accepted, counted, send };
}

describe('what can never be taken is refused with its reason, and nothing is accepted', () => {
  const hostile: Readonly<Record<string, { body: string | object; reason: RegExp }>> = {
    'no JSON': { body: 'firing!', reason: /expected object/i },
    'JSON that is cut off': { body: JSON.stringify(webhook()).slice(0, -20), reason: /expected object/i },
    'an empty body': { body: '', reason: /expected object/i },
    'another version': { body: webhook({ version: '3' }), reason: /version/ },
    'a version that is a number': { body: webhook({ version: 4 }), reason: /version/ },
    'no alerts': { body: webhook({ alerts: [] }), reason: /alerts/ },
    'an alert without a name': { body: withAlert({ labels: { service: 'x' } }), reason: /alertname/ },
    'a fingerprint that is none': { body: withAlert({ fingerprint: "'; drop table inbox" }), reason: /fingerprint/ },
    'a status of its own': { body: withAlert({ status: 'on fire' }), reason: /status/ },
    'a time that is none': { body: withAlert({ startsAt: 'yesterday' }), reason: /startsAt/ },
    'a time before our era': { body: withAlert({ startsAt: '0000-12-31T23:59:59Z' }), reason: /startsAt/ },
    'a label of 20 kB': { body: withAlert({ labels: { alertname: 'A', big: 'x'.repeat(20_000) } }), reason: /labels/ },
    'a label that is an object': { body: withAlert({ labels: { alertname: 'A', deep: { a: 1 } } }), reason: /labels/ },
    "another program's webhook": { body: { event: 'push', ref: 'main' }, reason: /version/ },
  };
  for (const [what, { body, reason }] of Object.entries(hostile)) {
    it(`${what}: 400`, async () => {
      const { accepted, counted, send } = intake();

      const answer = await send(body);

      assert.equal(answer.status, 400);
      assert.match(answer.text, reason);
      assert.deepEqual(counted, ['malformed']);
      assert.deepEqual(accepted, []);
    });
  }

  it('alerts that Alertmanager cut off: 400, with what to set', async () => {
    const { accepted, counted, send } = intake();
    const answer = await send(webhook({ truncatedAlerts: 3 }));
    assert.equal(answer.status, 400);
    assert.match(answer.text, /max_alerts: 0/);
    assert.deepEqual([counted, accepted], [['truncated'], []]);
  });

  it('more than the limit: 413', async () => {
    const { accepted, counted, send } = intake();
    const answer = await send(' '.repeat(maxBodyBytes + 1), {
      authorization: `Bearer ${token}`,
      'content-length': String(maxBodyBytes + 1),
    });
    assert.equal(answer.status, 413);
    assert.deepEqual([counted, accepted], [['oversized'], []]);
  });

  for (const [what, headers] of Object.entries({
    'no token': {},
    'a wrong one': { authorization: 'Bearer intake-test-token-2' },
    'a prefix of it': { authorization: `Bearer ${token.slice(0, -1)}` },
    'another scheme': { authorization: `Basic ${token}` },
  })) {
    it(`${what}: 401, and the token is not said back`, async () => {
      const { accepted, counted, send } = intake();
      const answer = await send(webhook(), headers);
      assert.equal(answer.status, 401);
      assert.equal(answer.text.includes(token), false);
      assert.deepEqual([counted, accepted], [['unauthorized'], []]);
    });
  }
});

describe('what can be taken', () => {
  it('is accepted with fields we do not know', async () => {
    const { accepted, counted, send } = intake();
    assert.equal((await send(webhook({ receiver: 'responder', groupKey: '{}', future: { a: 1 } }))).status, 200);
    assert.deepEqual([counted, accepted.length], [['accepted'], 1]);
  });

  it('is accepted where the store could not hold it as it came: NUL, half a surrogate, an odd time zone', async () => {
    const { accepted, send } = intake();
    const body =
      '{"version":"4","alerts":[{"status":"firing","labels":{"alertname":"A","x":"a\\u0000b\\ud800c","y\\u0000":"z"},"startsAt":"2026-11-22T12:00:00+23:30","fingerprint":"00000000000000aa"}]}';
    assert.equal((await send(body)).status, 200);
    assert.deepEqual(accepted[0]?.labels, { alertname: 'A', x: 'a\uFFFDb\uFFFDc', 'y\uFFFD': 'z' });
    assert.equal(accepted[0]?.startsAt, '2026-11-21T12:30:00.000Z');
  });

  it('is answered with 503 while the store is away, so that Alertmanager sends it again', async () => {
    const { counted, send } = intake(new PortError('postgres', 'unreachable', 'the store is away'));
    const answer = await send(webhook());
    assert.equal(answer.status, 503);
    assert.deepEqual(counted, ['store-away']);
  });
});
