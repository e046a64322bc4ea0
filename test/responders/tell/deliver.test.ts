import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { type FakeSlack, startFakeSlack } from '../../../lab/fakes/slack.ts';
import { createWebhookChat } from '../../../responders/adapters/chat-webhook.ts';
import { createSlackChat } from '../../../responders/adapters/slack.ts';
import { createDelivery, type Delivery } from '../../../responders/tell/deliver.ts';
import type { DeliveryDeps, Pace, TellOutcome } from '../../../responders/tell/pace.ts';
import { entryOf, incidentOf, runOf, viewOf } from '../../support/incident-view.ts';
import { type MemoryThreads, memoryThreads } from '../../support/thread-store.ts';

describe('the delivery to Slack', () => {
  let slack: FakeSlack;
  let threads: MemoryThreads;
  let outcomes: TellOutcome[];

  beforeEach(async () => {
    slack = await startFakeSlack();
    threads = memoryThreads();
    outcomes = [];
  });
  afterEach(() => slack.close());

  function delivery(pace: Partial<Pace> = {}, more: Partial<DeliveryDeps> = {}): Delivery {
    return createDelivery({
      store: threads,
      chat: createSlackChat({ token: 'xoxb-test-token', apiUrl: slack.apiUrl, log: silentLog }),
      channel: '#gomeet-alerts',
      clock: systemClock,
      log: silentLog,
      pace: { messageIntervalMs: 1, editIntervalMs: 60_000, backoffMaxMs: 40, ...pace },
      onOutcome: (outcome) => outcomes.push(outcome),
      ...more,
    });
  }

  /** Ticks until nothing is due, or the time is over. */
  async function tellAll(told: Delivery, forMs = 5_000): Promise<void> {
    const until = Date.now() + forMs;
    let idle = 0;
    while (idle < 8 && Date.now() < until) {
      idle = (await told.tick()) === 0 ? idle + 1 : 0;
      await told.settled();
      await delay(15);
    }
  }

  function open(view = viewOf()): void {
    threads.put('7', view);
    threads.add('7', entryOf(1, { kind: 'fired' }), entryOf(2, { kind: 'intended', text: 'add a node' }));
  }

  const count = (method: string) => slack.calls.filter((call) => call.method === method && call.ok).length;
  const parent = () => slack.thread()[0];
  const replies = () =>
    slack
      .thread(parent()?.ts)
      .map((message) => message.blocks[0])
      .map((block) => (block?.type === 'section' ? block.text.text : ''));

  it('opens one thread, saves where it is, and replies in the order of the journal', async () => {
    open();
    threads.add(
      '7',
      entryOf(3, { kind: 'acted', text: 'five replicas' }),
      entryOf(4, { kind: 'verified', text: 'sfu-5 serves' }),
    );

    await tellAll(delivery());

    assert.equal(slack.thread().length, 1);
    assert.deepEqual(threads.row('7').place, { channel: 'C0ALERTS1', ts: parent()?.ts });
    assert.deepEqual(replies(), ['*About to:* add a node', '*Done:* five replicas', '*Verified:* sfu-5 serves']);
    assert.equal(threads.row('7').told.repliesTo, '4');
  });

  it('does not say anything when nothing is new', async () => {
    open();
    const told = delivery();
    await tellAll(told);
    const before = slack.calls.length;

    await tellAll(told, 300);

    assert.equal(slack.calls.length, before);
  });

  it('does not look for earlier posts when there was no doubt', async () => {
    open();

    await tellAll(delivery());

    assert.equal(count('conversations.history') + count('conversations.replies'), 0);
  });

  it('edits the parent at most once in the interval while nothing changes its state', async () => {
    open();
    const told = delivery({ editIntervalMs: 2_000 });
    await tellAll(told, 200);
    const edits = count('chat.update');

    for (let id = 3; id < 23; id++) {
      threads.add('7', entryOf(id, { kind: 'refused' }));
      await told.tick();
      await told.settled();
    }
    assert.equal(count('chat.update') - edits, 0, 'within the interval');

    await delay(2_000);
    await tellAll(told, 400);
    assert.equal(count('chat.update') - edits, 1, 'after it');
    assert.equal(threads.row('7').told.parentTo, '22');
  });

  it('edits the parent at once when a person did something', async () => {
    open();
    const told = delivery();
    await tellAll(told, 300);

    threads.add('7', entryOf(3, { kind: 'noise', subject: 'slack:T0/U1' }));
    await tellAll(told, 300);

    assert.equal(count('chat.update'), 1);
  });

  it('edits the parent at once when the state changed, even during a wait', async () => {
    open();
    const told = delivery();
    await tellAll(told, 300);
    threads.add('7', entryOf(3));
    await tellAll(told, 300);
    assert.equal(count('chat.update'), 0);

    threads.put('7', viewOf({ incident: incidentOf({ closedAtMs: Date.now() }) }));
    threads.add('7', entryOf(4, { kind: 'closed' }));
    await tellAll(told, 300);

    assert.equal(count('chat.update'), 1);
    assert.equal(parent()?.color, '#2eb886');
  });

  it('sends no more than one message an interval to a channel', async () => {
    for (const id of ['1', '2', '3', '4']) {
      threads.put(id, viewOf({ incident: incidentOf({ id, publicId: `inc-${id}` }) }));
      threads.add(id, entryOf(1, { kind: 'fired' }));
    }

    await tellAll(delivery({ messageIntervalMs: 120 }), 2_000);

    const times = slack.calls.filter((call) => call.method === 'chat.postMessage').map((call) => call.atMs);
    assert.equal(times.length, 4);
    for (const [index, atMs] of times.entries())
      assert.ok(index === 0 || atMs - (times[index - 1] ?? 0) >= 100, `${times}`);
  });

  it('opens a new thread before it goes on with replies to others', async () => {
    open();
    const told = delivery({ messageIntervalMs: 60, repliesPerVisit: 20 });
    threads.add('7', ...[3, 4, 5, 6].map((id) => entryOf(id, { kind: id % 2 ? 'acted' : 'verified' })));
    await told.tick();
    await delay(90);
    threads.put('8', viewOf({ incident: incidentOf({ id: '8', publicId: 'inc-8' }) }));
    threads.add('8', entryOf(50, { kind: 'fired' }));

    await told.tick();
    await told.settled();

    const at = slack.messages().findIndex((message) => JSON.stringify(message.metadata).includes('inc-8'));
    assert.ok(at > 0 && at < slack.messages().length - 2, `position ${at} of ${slack.messages().length}`);
  });

  it('waits as long as a 429 asks, and keeps the order', async () => {
    open();
    threads.add('7', entryOf(3, { kind: 'acted', text: 'a' }), entryOf(4, { kind: 'verified', text: 'b' }));
    slack.fail('chat.postMessage', { retryAfterSeconds: 1 });

    await tellAll(delivery(), 4_000);

    const posts = slack.calls.filter((call) => call.method === 'chat.postMessage');
    assert.ok((posts[1]?.atMs ?? 0) - (posts[0]?.atMs ?? 0) >= 950);
    assert.equal(slack.thread().length, 1);
    assert.deepEqual(replies(), ['*About to:* add a node', '*Done:* a', '*Verified:* b']);
    assert.deepEqual(
      outcomes.filter((one) => one === 'throttled' || one === 'failed'),
      ['throttled'],
    );
  });

  it('catches up after an outage, with one thread and no reply twice', async () => {
    open();
    slack.outage(true);
    const told = delivery();
    await tellAll(told, 400);
    threads.add('7', entryOf(3, { kind: 'acted', text: 'meanwhile' }));
    assert.equal(slack.messages().length, 0);

    slack.outage(false);
    await tellAll(told, 2_000);

    assert.equal(slack.thread().length, 1);
    assert.deepEqual(replies(), ['*About to:* add a node', '*Done:* meanwhile']);
  });

  it('finds its parent again when the answer to the post was lost', async () => {
    open();
    slack.fail('chat.postMessage', { after: true, hangUp: true });

    await tellAll(delivery(), 2_000);

    assert.equal(slack.thread().length, 1);
    assert.equal(threads.row('7').place?.ts, parent()?.ts);
  });

  it('finds a reply again when Slack answered 500 but had posted it', async () => {
    open();
    const told = delivery();
    await tellAll(told, 300);
    slack.fail('chat.postMessage', { after: true, status: 500 });
    threads.add('7', entryOf(3, { kind: 'acted', text: 'once' }));

    await tellAll(told, 2_000);

    assert.deepEqual(replies(), ['*About to:* add a node', '*Done:* once']);
  });

  it('finds the thread of a process that died between post and save', async () => {
    open();
    const dying = delivery({}, { store: { ...threads, saveThread: () => new Promise(() => undefined) } });
    await dying.tick();
    for (let tries = 0; tries < 100 && slack.messages().length === 0; tries++) await delay(10);
    threads.crash();

    await tellAll(delivery(), 2_000);

    assert.equal(slack.thread().length, 1);
    assert.equal(threads.row('7').place?.ts, parent()?.ts);
  });

  it('does not post once another replica has the lease', async () => {
    open();
    const slow = delivery(
      { messageIntervalMs: 200 },
      {
        store: {
          ...threads,
          saveThread: async (lease, place) => {
            const saved = await threads.saveThread(lease, place);
            threads.steal('7');
            return saved;
          },
        },
      },
    );

    await slow.tick();
    await slow.settled();

    assert.equal(slack.messages().length, 1);
    assert.deepEqual(outcomes, ['posted', 'lease-lost']);
  });

  it('tells once when two replicas work on one store', async () => {
    open();
    threads.add('7', ...[3, 4, 5].map((id) => entryOf(id, { kind: id % 2 ? 'acted' : 'verified' })));

    await Promise.all([tellAll(delivery()), tellAll(delivery())]);

    assert.equal(slack.thread().length, 1);
    assert.equal(replies().length, 4);
  });

  it('tells a storm of 10,000 entries in a handful of replies and loses none of them', async () => {
    open();
    threads.add(
      '7',
      ...Array.from({ length: 10_000 }, (_, index) =>
        entryOf(index + 3, { kind: index % 2 === 0 ? 'reopened' : 'resolved' }),
      ),
    );
    threads.add('7', entryOf(20_000, { kind: 'escalated', text: 'the person on call' }));

    await tellAll(delivery(), 8_000);

    const told = replies();
    const summed = told
      .flatMap((text) => [...text.matchAll(/\*([\d,]+) lines? of the journal/g)])
      .reduce((sum, [, number]) => sum + Number(number?.replace(/,/g, '')), 0);
    assert.ok(told.length <= 10, `${told.length} replies`);
    const single = told.filter((text) => /^\*(Fires again|No longer firing)/.test(text)).length;
    assert.equal(summed + single, 10_000);
    assert.match(told.at(-1) ?? '', /Escalated:\* the person on call/);
    assert.equal(threads.row('7').told.repliesTo, '20000');
  });

  it('opens a new thread when someone deleted the message', async () => {
    open();
    const told = delivery();
    await tellAll(told, 300);
    slack.remove(parent()?.ts ?? '');

    threads.put('7', viewOf({ runs: [runOf()] }));
    threads.add('7', entryOf(3, { kind: 'acted' }));
    await tellAll(told, 1_000);

    assert.equal(slack.thread().length, 1);
    assert.equal(threads.row('7').place?.ts, parent()?.ts);
  });

  it('sends plain text in the place of a message that Slack rejects', async () => {
    open();
    slack.fail('chat.postMessage', { error: 'invalid_blocks' });

    await tellAll(delivery(), 1_000);

    assert.match(JSON.stringify(parent()?.blocks), /SFU node sfu-3 is saturated/);
    assert.ok(outcomes.includes('rejected'));
  });

  it('adds the graph once, and a graph that fails costs nothing', async () => {
    open();
    let drawn = 0;
    const chart = async () => {
      drawn += 1;
      if (drawn > 1) throw new Error('drawn twice');
      return { name: 'signal.png', alt: 'CPU of sfu-3', content: new Uint8Array([137, 80, 78, 71]) };
    };
    const told = delivery({}, { chart });
    await tellAll(told, 500);
    threads.put('8', viewOf({ incident: incidentOf({ id: '8', publicId: 'inc-8' }) }));
    threads.add('8', entryOf(50, { kind: 'fired' }));
    await tellAll(told, 500);

    assert.deepEqual(slack.uploads, [
      { name: 'signal.png', bytes: slack.uploads[0]?.bytes, channel: 'C0ALERTS1', threadTs: parent()?.ts },
    ]);
    assert.equal(slack.thread().length, 2);
  });

  it('runs until it is stopped, looks again when nudged, and leaves no doubt behind', async () => {
    const stop = new AbortController();
    const told = delivery({ pollMs: 60_000 });
    const running = told.run(stop.signal);
    await delay(50);
    open();
    told.nudge();
    for (let tries = 0; tries < 100 && slack.messages().length < 2; tries++) await delay(10);
    stop.abort();
    await running;

    threads.add('7', entryOf(3, { kind: 'acted' }));
    await delay(50);

    assert.equal(slack.messages().length, 2);
    assert.equal(threads.row('7').uncertain, false);
  });

  it('stops in the middle of a backlog without losing its place', async () => {
    open();
    threads.add('7', ...[3, 4, 5, 6].map((id) => entryOf(id, { kind: id % 2 ? 'acted' : 'verified' })));
    const stop = new AbortController();
    const running = delivery({ messageIntervalMs: 80, pollMs: 10 }).run(stop.signal);
    for (let tries = 0; tries < 100 && slack.messages().length < 3; tries++) await delay(10);
    stop.abort();
    await running;
    assert.ok(slack.messages().length < 6);

    await tellAll(delivery());

    assert.equal(replies().length, 5);
    assert.equal(count('conversations.history') + count('conversations.replies'), 0);
  });

  it('goes on when the clock is set back an hour', async () => {
    let offsetMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + offsetMs };
    open();
    slack.outage(true);
    const told = delivery({}, { clock });
    await told.tick();
    await told.settled();
    slack.outage(false);
    offsetMs = -3_600_000;

    await tellAll(told, 1_000);
    threads.add('7', entryOf(3));
    offsetMs = -7_200_000;
    await tellAll(told, 1_000);

    assert.equal(threads.row('7').told.parentTo, '3');
  });

  it('stays silent when the store is away, and tells afterwards', async () => {
    open();
    let away = true;
    const told = delivery(
      { pollMs: 10 },
      {
        store: {
          ...threads,
          claim: (request) => (away ? Promise.reject(new Error('no store')) : threads.claim(request)),
        },
      },
    );
    const stop = new AbortController();
    const running = told.run(stop.signal);
    await delay(60);
    assert.equal(slack.calls.length, 0);

    away = false;
    for (let tries = 0; tries < 100 && slack.messages().length < 2; tries++) await delay(10);
    stop.abort();
    await running;

    assert.equal(slack.messages().length, 2);
  });

  it('with only a webhook, posts again when the state changes and never replies', async () => {
    open(viewOf({ interactive: false }));
    const told = delivery({}, { chat: createWebhookChat({ url: slack.webhookUrl }) });
    await tellAll(told, 300);
    threads.add('7', entryOf(3));
    await tellAll(told, 300);
    assert.equal(slack.webhookPosts.length, 1);

    threads.put('7', viewOf({ interactive: false, incident: incidentOf({ closedAtMs: Date.now() }) }));
    threads.add('7', entryOf(4, { kind: 'closed' }));
    await tellAll(told, 300);

    assert.equal(slack.webhookPosts.length, 2);
    assert.equal(JSON.stringify(slack.webhookPosts).includes('"button"'), false);
  });
});
