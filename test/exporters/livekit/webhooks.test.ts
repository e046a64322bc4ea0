import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, test } from 'node:test';
import { AccessToken } from 'livekit-server-sdk';
import type { LiveKitEvent } from '../../../exporters/livekit/domain.ts';
import { createWebhookVerifier } from '../../../exporters/livekit/source.ts';
import { webhookRoute } from '../../../exporters/livekit/webhooks.ts';

const keys = { apiKey: 'devkey', apiSecret: 'a secret of at least 32 characters' };
const left = {
  event: 'participant_left',
  id: 'EV_1',
  createdAt: '1700000000',
  room: { sid: 'RM_1', name: 'standup', turnPassword: 'hunter2' },
  participant: { sid: 'PA_1', identity: 'alice', kind: 'STANDARD', disconnectReason: 'CONNECTION_TIMEOUT' },
};

let events: LiveKitEvent[];
let results: string[];
let app: ReturnType<typeof webhookRoute>;

beforeEach(() => {
  events = [];
  results = [];
  app = webhookRoute({
    verify: createWebhookVerifier(keys),
    onEvent: (event) => void events.push(event),
    onResult: (event, result) => void results.push(`${event} ${result}`),
  });
});

/** The signature as livekit/protocol's webhook package makes it: a token whose sha256 is that of the body. */
async function sign(body: string, secret = keys.apiSecret, ttl = 300): Promise<string> {
  const token = new AccessToken(keys.apiKey, secret, { ttl });
  token.sha256 = createHash('sha256').update(body).digest('base64');
  return token.toJwt();
}

async function post(body: string, authorization?: string): Promise<number> {
  const headers: Record<string, string> = {
    'content-type': 'application/webhook+json',
    'content-length': String(Buffer.byteLength(body)),
    ...(authorization === undefined ? {} : { authorization }),
  };
  const response = await app.request('/livekit/webhook', { method: 'POST', body, headers });
  await new Promise((resolve) => setImmediate(resolve));
  return response.status;
}

test('a signed webhook is accepted and reduced to what is counted', async () => {
  const body = JSON.stringify(left);
  assert.equal(await post(body, await sign(body)), 200);
  assert.deepEqual(events, [
    {
      id: 'EV_1',
      event: 'participant_left',
      createdAtMs: 1_700_000_000_000,
      room: { sid: 'RM_1', name: 'standup' },
      participant: { sid: 'PA_1', kind: 'standard', hidden: false },
      disconnectReason: 'connection_timeout',
      recording: undefined,
    },
  ]);
  assert.deepEqual(results, ['participant_left accepted']);
});

test('the same event again is answered and not counted again', async () => {
  const body = JSON.stringify(left);
  assert.equal(await post(body, await sign(body)), 200);
  assert.equal(await post(body, await sign(body)), 200);
  assert.equal(events.length, 1);
  assert.deepEqual(results, ['participant_left accepted', 'participant_left duplicate']);
});

test('an unsigned one is refused', async () => {
  assert.equal(await post(JSON.stringify(left)), 401);
  assert.deepEqual([events.length, results], [0, ['unknown unsigned']]);
});

test('one signed with another secret, for another body, too long ago, or not at all like a token is refused', async () => {
  const body = JSON.stringify(left);
  const expired = await sign(body, keys.apiSecret, -3_600);
  for (const authorization of [
    await sign(body, 'another secret of 32 characters!!'),
    await sign(`${body} `),
    expired,
    'Bearer nonsense',
  ])
    assert.equal(await post(body, authorization), 401);
  assert.deepEqual([events.length, new Set(results)], [0, new Set(['unknown forged'])]);
});

test('a signed body that is no event is refused', async () => {
  for (const body of ['', 'null', '[]', '{"event":', '{"event":"room_started"}', '{"id":7}'])
    assert.equal(await post(body, await sign(body)), 401);
  assert.equal(events.length, 0);
});

test('a body of half a megabyte is refused before it is read, signed or not', async () => {
  const body = JSON.stringify({ ...left, padding: 'x'.repeat(524_288) });
  assert.equal(await post(body, await sign(body)), 413);
  assert.deepEqual([events.length, results], [0, ['unknown oversize']]);
});

test('an event of a later LiveKit is accepted under a word of ours', async () => {
  const body = JSON.stringify({ ...left, event: 'room_exploded"} 1\n', id: 'EV_2' });
  assert.equal(await post(body, await sign(body)), 200);
  assert.deepEqual(results, ['other accepted']);
});

test('how a recording ended is kept: what was called off before it began is told from what was lost, and what we do not know is no good end', async () => {
  const ends = [
    ['EGRESS_COMPLETE', '', 'complete'],
    ['EGRESS_LIMIT_REACHED', 'Session limit reached', 'limit_reached'],
    ['EGRESS_FAILED', 'upload failed', 'failed'],
    ['EGRESS_ABORTED', 'Stop called before pipeline could start', 'called_off'],
    ['EGRESS_ABORTED', 'Start signal not received', 'aborted'],
    [99, '', 'failed'],
  ] as const;
  for (const [index, [status, error]] of ends.entries()) {
    const egressInfo = { egressId: 'EG_1', status, error };
    const body = JSON.stringify({ event: 'egress_ended', id: `EV_end_${index}`, createdAt: '1', egressInfo });
    assert.equal(await post(body, await sign(body)), 200);
  }
  assert.deepEqual(
    events.map(({ recording }) => recording),
    ends.map(([, , result]) => result),
  );
  const going = { event: 'egress_updated', id: 'EV_going', createdAt: '1', egressInfo: { status: 'EGRESS_ACTIVE' } };
  await post(JSON.stringify(going), await sign(JSON.stringify(going)));
  assert.equal(events.at(-1)?.recording, undefined);
});

test('a reason and a kind of a later LiveKit are unknown and standard, not an error', async () => {
  const body = JSON.stringify({ ...left, participant: { ...left.participant, disconnectReason: 99, kind: 42 } });
  assert.equal(await post(body, await sign(body)), 200);
  assert.equal(events[0]?.disconnectReason, 'unknown_reason');
  assert.equal(events[0]?.participant?.kind, 'standard');
});

test('nothing is kept that names a person or holds a password', async () => {
  const body = JSON.stringify(left);
  await post(body, await sign(body));
  assert.doesNotMatch(JSON.stringify(events), /alice|hunter2/);
});
