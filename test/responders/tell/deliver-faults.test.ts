import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../kernel/clock.ts';
import { createWebhookChat } from '../../../responders/adapters/chat-webhook.ts';
import { entryOf, incidentOf, runOf, viewOf } from '../../support/incident-view.ts';
import { deliveryStage } from './stage.ts';

describe('the delivery to Slack in trouble', () => {
  const stage = deliveryStage();
  const { delivery, tellAll, open, count, parent, replies } = stage;

  it('catches up after an outage, with one thread and no reply twice', async () => {
    open();
    stage.slack.outage(true);
    const told = delivery();
    await tellAll(told, 400);
    stage.threads.add('7', entryOf(3, { kind: 'acted', text: 'meanwhile' }));
    assert.equal(stage.slack.messages().length, 0);

    stage.slack.outage(false);
    await tellAll(told, 2_000);

    assert.equal(stage.slack.thread().length, 1);
    assert.deepEqual(replies(), ['*About to:* add a node', '*Done:* meanwhile']);
  });

  it('finds its parent again when the answer to the post was lost', async () => {
    open();
    stage.slack.fail('chat.postMessage', { after: true, hangUp: true });

    await tellAll(delivery(), 2_000);

    assert.equal(stage.slack.thread().length, 1);
    assert.equal(stage.threads.row('7').place?.ts, parent()?.ts);
  });

  it('finds a reply again when Slack answered 500 but had posted it', async () => {
    open();
    const told = delivery();
    await tellAll(told, 300);
    stage.slack.fail('chat.postMessage', { after: true, status: 500 });
    stage.threads.add('7', entryOf(3, { kind: 'acted', text: 'once' }));

    await tellAll(told, 2_000);

    assert.deepEqual(replies(), ['*About to:* add a node', '*Done:* once']);
  });

  it('finds the thread of a process that died between post and save', async () => {
    open();
    const dying = delivery({}, { store: { ...stage.threads, saveThread: () => new Promise(() => undefined) } });
    await dying.tick();
    for (let tries = 0; tries < 100 && stage.slack.messages().length === 0; tries++) await delay(10);
    stage.threads.crash();

    await tellAll(delivery(), 2_000);

    assert.equal(stage.slack.thread().length, 1);
    assert.equal(stage.threads.row('7').place?.ts, parent()?.ts);
  });

  it('does not post once another replica has the lease', async () => {
    open();
    const slow = delivery(
      { messageIntervalMs: 200 },
      {
        store: {
          ...stage.threads,
          saveThread: async (lease, place) => {
            const saved = await stage.threads.saveThread(lease, place);
            stage.threads.steal('7');
            return saved;
          },
        },
      },
    );

    await slow.tick();
    await slow.settled();

    assert.equal(stage.slack.messages().length, 1);
    assert.deepEqual(stage.outcomes, ['posted', 'lease-lost']);
  });

  it('tells once when two replicas work on one store', async () => {
    open();
    stage.threads.add('7', ...[3, 4, 5].map((id) => entryOf(id, { kind: id % 2 ? 'acted' : 'verified' })));

    await Promise.all([tellAll(delivery()), tellAll(delivery())]);

    assert.equal(stage.slack.thread().length, 1);
    assert.equal(replies().length, 4);
  });

  it('tells a storm of 10,000 entries in a handful of replies and loses none of them', async () => {
    open();
    stage.threads.add(
      '7',
      ...Array.from({ length: 10_000 }, (_, index) =>
        entryOf(index + 3, { kind: index % 2 === 0 ? 'reopened' : 'resolved' }),
      ),
    );
    stage.threads.add('7', entryOf(20_000, { kind: 'escalated', text: 'the person on call' }));

    await tellAll(delivery(), 8_000);

    const told = replies();
    const summed = told
      .flatMap((text) => [...text.matchAll(/\*([\d,]+) lines? of the journal/g)])
      .reduce((sum, [, number]) => sum + Number(number?.replace(/,/g, '')), 0);
    assert.ok(told.length <= 10, `${told.length} replies`);
    const single = told.filter((text) => /^\*(Fires again|No longer firing)/.test(text)).length;
    assert.equal(summed + single, 10_000);
    assert.match(told.at(-1) ?? '', /Escalated:\* the person on call/);
    assert.equal(stage.threads.row('7').told.repliesTo, '20000');
  });

  it('opens a new thread when someone deleted the message', async () => {
    open();
    const told = delivery();
    await tellAll(told, 300);
    stage.slack.remove(parent()?.ts ?? '');

    stage.threads.put('7', viewOf({ runs: [runOf()] }));
    stage.threads.add('7', entryOf(3, { kind: 'acted' }));
    await tellAll(told, 1_000);

    assert.equal(stage.slack.thread().length, 1);
    assert.equal(stage.threads.row('7').place?.ts, parent()?.ts);
  });

  it('sends plain text in the place of a message that Slack rejects', async () => {
    open();
    stage.slack.fail('chat.postMessage', { error: 'invalid_blocks' });

    await tellAll(delivery(), 1_000);

    assert.match(JSON.stringify(parent()?.blocks), /SFU node sfu-3 is saturated/);
    assert.ok(stage.outcomes.includes('rejected'));
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
    stage.threads.put('8', viewOf({ incident: incidentOf({ id: '8', publicId: 'inc-8' }) }));
    stage.threads.add('8', entryOf(50, { kind: 'fired' }));
    await tellAll(told, 500);

    assert.deepEqual(stage.slack.uploads, [
      { name: 'signal.png', bytes: stage.slack.uploads[0]?.bytes, channel: 'C0ALERTS1', threadTs: parent()?.ts },
    ]);
    assert.equal(stage.slack.thread().length, 2);
  });

  it('runs until it is stopped, looks again when nudged, and leaves no doubt behind', async () => {
    const stop = new AbortController();
    const told = delivery({ pollMs: 60_000 });
    const running = told.run(stop.signal);
    await delay(50);
    open();
    told.nudge();
    for (let tries = 0; tries < 100 && stage.slack.messages().length < 2; tries++) await delay(10);
    stop.abort();
    await running;

    stage.threads.add('7', entryOf(3, { kind: 'acted' }));
    await delay(50);

    assert.equal(stage.slack.messages().length, 2);
    assert.equal(stage.threads.row('7').uncertain, false);
  });

  it('stops in the middle of a backlog without losing its place', async () => {
    open();
    stage.threads.add('7', ...[3, 4, 5, 6].map((id) => entryOf(id, { kind: id % 2 ? 'acted' : 'verified' })));
    const stop = new AbortController();
    const running = delivery({ messageIntervalMs: 80, pollMs: 10 }).run(stop.signal);
    for (let tries = 0; tries < 100 && stage.slack.messages().length < 3; tries++) await delay(10);
    stop.abort();
    await running;
    assert.ok(stage.slack.messages().length < 6);

    await tellAll(delivery());

    assert.equal(replies().length, 5);
    assert.equal(count('conversations.history') + count('conversations.replies'), 0);
  });

  it('goes on when the clock is set back an hour', async () => {
    let offsetMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + offsetMs };
    open();
    stage.slack.outage(true);
    const told = delivery({}, { clock });
    await told.tick();
    await told.settled();
    stage.slack.outage(false);
    offsetMs = -3_600_000;

    await tellAll(told, 1_000);
    stage.threads.add('7', entryOf(3));
    offsetMs = -7_200_000;
    await tellAll(told, 1_000);

    assert.equal(stage.threads.row('7').told.parentTo, '3');
  });

  it('stays silent when the store is away, and tells afterwards', async () => {
    open();
    let away = true;
    const told = delivery(
      { pollMs: 10 },
      {
        store: {
          ...stage.threads,
          claim: (request) => (away ? Promise.reject(new Error('no store')) : stage.threads.claim(request)),
        },
      },
    );
    const stop = new AbortController();
    const running = told.run(stop.signal);
    await delay(60);
    assert.equal(stage.slack.calls.length, 0);

    away = false;
    for (let tries = 0; tries < 100 && stage.slack.messages().length < 2; tries++) await delay(10);
    stop.abort();
    await running;

    assert.equal(stage.slack.messages().length, 2);
  });

  it('with only a webhook, posts again when the state changes and never replies', async () => {
    open(viewOf({ interactive: false }));
    const told = delivery({}, { chat: createWebhookChat({ url: stage.slack.webhookUrl }) });
    await tellAll(told, 300);
    stage.threads.add('7', entryOf(3));
    await tellAll(told, 300);
    assert.equal(stage.slack.webhookPosts.length, 1);

    stage.threads.put('7', viewOf({ interactive: false, incident: incidentOf({ closedAtMs: Date.now() }) }));
    stage.threads.add('7', entryOf(4, { kind: 'closed' }));
    await tellAll(told, 300);

    assert.equal(stage.slack.webhookPosts.length, 2);
    assert.equal(JSON.stringify(stage.slack.webhookPosts).includes('"button"'), false);
  });
});
