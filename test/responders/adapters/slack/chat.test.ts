import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../../../kernel/clock.ts';
import { PortError } from '../../../../kernel/errors.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { type FakeFault, type FakeSlack, startFakeSlack } from '../../../../lab/fakes/slack.ts';
import { createWebhookChat } from '../../../../responders/adapters/chat-webhook.ts';
import { createSlackPager, createWebhookPager } from '../../../../responders/adapters/pager.ts';
import { createSlackChat } from '../../../../responders/adapters/slack/chat.ts';
import type { Chat, ChatMessage } from '../../../../responders/ports.ts';
import { renderIncident } from '../../../../responders/tell/thread.ts';
import { viewOf } from '../../../support/incident-view.ts';

const token = 'xoxb-very-secret-token';
const place = { channel: '#gomeet-alerts', sinceMs: 0 };

describe('the Slack adapter', () => {
  let slack: FakeSlack;
  let chat: Chat;
  const message: ChatMessage = renderIncident(viewOf());

  beforeEach(async () => {
    slack = await startFakeSlack();
    chat = createSlackChat({ token, apiUrl: slack.apiUrl, log: silentLog });
  });
  afterEach(() => slack.close());

  async function failure(call: () => Promise<unknown>): Promise<PortError> {
    try {
      await call();
    } catch (error) {
      assert.ok(error instanceof PortError, String(error));
      assert.equal(
        `${error.message} ${error.stack} ${JSON.stringify(error.cause ?? '')}`.includes(token),
        false,
        'the token is in the error',
      );
      return error;
    }
    throw new Error('it did not fail');
  }

  it('posts header and lead above and the rest beside the colour bar, and returns channel id and ts', async () => {
    const at = await chat.post(message, place);

    const [posted] = slack.messages();
    assert.deepEqual(at, { channel: 'C0ALERTS1', ts: posted?.ts });
    assert.equal(posted?.color, '#a30200');
    assert.deepEqual(posted?.blocks, message.blocks);
    assert.equal(
      slack.calls.every((call) => call.token === `Bearer ${token}`),
      true,
    );
  });

  it('edits in place, whispers, opens a modal and uploads a picture', async () => {
    const at = await chat.post(message, place);
    await chat.update({ ...message, color: '#2eb886' }, at);
    await chat.whisper('for you', { channel: at.channel, user: 'U1' });
    await chat.openModal('trigger', { type: 'modal' });
    await chat.upload(
      { name: 'a.png', alt: 'CPU', content: new Uint8Array(64) },
      { channel: at.channel, threadTs: at.ts },
    );

    assert.deepEqual(
      [slack.messages().length, slack.messages()[0]?.color, slack.messages()[0]?.edits],
      [1, '#2eb886', 1],
    );
    assert.deepEqual(slack.whispers, [{ channel: 'C0ALERTS1', user: 'U1', text: 'for you' }]);
    assert.deepEqual(slack.modals, [{ triggerId: 'trigger', view: { type: 'modal' } }]);
    assert.deepEqual(
      slack.uploads.map(({ name, threadTs }) => [name, threadTs]),
      [['a.png', at.ts]],
    );
  });

  it('finds its earlier post by metadata and does not post a second', async () => {
    const first = await chat.post(message, place);

    const again = await createSlackChat({ token, apiUrl: slack.apiUrl, log: silentLog }).post(message, place);

    assert.deepEqual(again, first);
    assert.equal(slack.messages().length, 1);
  });

  it('finds a reply in its thread, past several pages', async () => {
    const parent = await chat.post(message, { ...place, lookUp: false });
    const reply = (journal: number) => ({ ...message, metadata: { incident: 'inc-k3v9', journal: String(journal) } });
    const thread = { ...place, channel: parent.channel, threadTs: parent.ts };
    const first = await chat.post(reply(0), { ...thread, lookUp: false });
    for (let journal = 1; journal < 230; journal++) await chat.post(reply(journal), { ...thread, lookUp: false });

    assert.deepEqual(await chat.post(reply(0), thread), first);
    assert.equal(slack.thread(parent.ts).length, 230);
  });

  it('does not take the message of another incident for its own, nor a reply for the parent', async () => {
    await chat.post({ ...message, metadata: { incident: 'inc-other' } }, place);
    await chat.post({ ...message, metadata: { incident: 'inc-k3v9', journal: '1' } }, place);

    await chat.post(message, place);

    assert.equal(slack.messages().length, 3);
  });

  it('does not repeat a post by itself after a failure, since it may have been posted', async () => {
    slack.fail('chat.postMessage', { status: 500, after: true });

    const error = await failure(() => chat.post(message, { ...place, lookUp: false }));

    assert.deepEqual([error.code, error.retryable, slack.messages().length], ['unavailable', true, 1]);
  });

  it('repeats an edit a few times, then gives up', async () => {
    const at = await chat.post(message, place);
    slack.fail('chat.update', { status: 503, times: 2 });
    await chat.update(message, at);
    slack.fail('chat.update', { status: 503, times: 99 });

    assert.equal((await failure(() => chat.update(message, at))).code, 'unavailable');
    assert.equal(slack.calls.filter((call) => call.method === 'chat.update').length, 6);
  });

  it('says how long a 429 asks to wait, and does not wait itself', async () => {
    slack.fail('chat.postMessage', { retryAfterSeconds: 30 });
    const before = Date.now();

    const error = await failure(() => chat.post(message, { ...place, lookUp: false }));

    assert.deepEqual([error.code, error.retryAfterMs], ['throttled', 30_000]);
    assert.ok(Date.now() - before < 2_000);
  });

  it("gives each of Slack's errors its meaning, and never the token", async () => {
    const cases: [FakeFault, string, boolean][] = [
      [{ error: 'invalid_auth' }, 'unauthorized', false],
      [{ error: 'missing_scope' }, 'forbidden', false],
      [{ error: 'not_in_channel' }, 'forbidden', false],
      [{ error: 'channel_not_found' }, 'not-found', false],
      [{ error: 'invalid_blocks' }, 'invalid', false],
      [{ error: 'internal_error' }, 'unavailable', true],
      [{ error: `<html>${token}</html>` }, 'unavailable', true],
      [{ hangUp: true }, 'unreachable', true],
    ];
    for (const [fault, code, retryable] of cases) {
      slack.fail('chat.postMessage', fault);
      const error = await failure(() => chat.post(message, { ...place, lookUp: false }));
      assert.deepEqual([error.code, error.retryable], [code, retryable], JSON.stringify(fault));
    }
  });

  it('fails as unreachable while Slack is away', async () => {
    slack.outage(true);

    assert.equal((await failure(() => chat.post(message, { ...place, lookUp: false }))).code, 'unreachable');
  });

  it('does not answer a look-up that failed with a second post', async () => {
    await chat.post(message, place);
    slack.fail('conversations.history', { error: 'missing_scope' });

    assert.equal(
      (await failure(() => createSlackChat({ token, apiUrl: slack.apiUrl, log: silentLog }).post(message, place))).code,
      'forbidden',
    );
    assert.equal(slack.messages().length, 1);
  });
});

describe('the webhook chat', () => {
  it('posts, cannot edit, and keeps its address out of errors', async () => {
    const slack = await startFakeSlack();
    try {
      const chat = createWebhookChat({ url: slack.webhookUrl });
      await chat.post(renderIncident(viewOf({ interactive: false })), place);
      slack.fail('webhook', { status: 500 });

      assert.equal(slack.webhookPosts.length, 1);
      await assert.rejects(
        chat.post(renderIncident(viewOf()), place),
        (error) => error instanceof PortError && error.code === 'unavailable' && !error.message.includes('/services/'),
      );
      await assert.rejects(chat.update(renderIncident(viewOf()), { channel: '', ts: '' }), { code: 'unsupported' });
    } finally {
      await slack.close();
    }
  });
});

describe('the pagers', () => {
  it('call once a person in Slack for one dedup key, and cannot be made to call everybody', async () => {
    const slack = await startFakeSlack();
    try {
      const pager = createSlackPager({
        chat: createSlackChat({ token, apiUrl: slack.apiUrl, log: silentLog }),
        channel: 'C0ALERTS1',
        mention: 'U7',
        clock: systemClock,
      });
      const call = {
        dedupKey: 'inc-k3v9/1',
        title: 'SFU full <!channel>',
        text: 'look',
        url: 'https://console.example.com/i',
      };
      await pager.page(call);
      await pager.page(call);

      assert.equal(slack.messages().length, 1);
      assert.match(slack.messages()[0]?.text ?? '', /^<@U7> SFU full &lt;!channel&gt;$/);
    } finally {
      await slack.close();
    }
  });

  it('hand a webhook the dedup key', async () => {
    const slack = await startFakeSlack();
    try {
      const pager = createWebhookPager({ url: slack.webhookUrl });
      await pager.page({ dedupKey: 'k', title: 't', text: 'x', url: undefined });
      slack.fail('webhook', { status: 500 });

      assert.deepEqual(slack.webhookPosts, [{ dedupKey: 'k', title: 't', text: 'x' }]);
      await assert.rejects(pager.page({ dedupKey: 'k', title: 't', text: 'x', url: undefined }), {
        code: 'unavailable',
      });
    } finally {
      await slack.close();
    }
  });
});
