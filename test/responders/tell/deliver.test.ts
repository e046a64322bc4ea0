import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { entryOf, incidentOf, viewOf } from '../../support/incident-view.ts';
import { deliveryStage } from './stage.ts';

describe('the delivery to Slack', () => {
  const stage = deliveryStage();
  const { delivery, tellAll, open, count, parent, replies } = stage;

  it('opens one thread, saves where it is, and replies in the order of the journal', async () => {
    open();
    stage.threads.add(
      '7',
      entryOf(3, { kind: 'acted', text: 'five replicas' }),
      entryOf(4, { kind: 'verified', text: 'sfu-5 serves' }),
    );

    await tellAll(delivery());

    assert.equal(stage.slack.thread().length, 1);
    assert.deepEqual(stage.threads.row('7').place, { channel: 'C0ALERTS1', ts: parent()?.ts });
    assert.deepEqual(replies(), ['*About to:* add a node', '*Done:* five replicas', '*Verified:* sfu-5 serves']);
    assert.equal(stage.threads.row('7').told.repliesTo, '4');
  });

  it('does not say anything when nothing is new', async () => {
    open();
    const told = delivery();
    await tellAll(told);
    const before = stage.slack.calls.length;

    await tellAll(told, 300);

    assert.equal(stage.slack.calls.length, before);
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
      stage.threads.add('7', entryOf(id, { kind: 'refused' }));
      await told.tick();
      await told.settled();
    }
    assert.equal(count('chat.update') - edits, 0, 'within the interval');

    await delay(2_000);
    await tellAll(told, 400);
    assert.equal(count('chat.update') - edits, 1, 'after it');
    assert.equal(stage.threads.row('7').told.parentTo, '22');
  });

  it('edits the parent at once when a person did something', async () => {
    open();
    const told = delivery();
    await tellAll(told, 300);

    stage.threads.add('7', entryOf(3, { kind: 'noise', subject: 'slack:T0/U1' }));
    await tellAll(told, 300);

    assert.equal(count('chat.update'), 1);
  });

  it('edits the parent at once when the state changed, even during a wait', async () => {
    open();
    const told = delivery();
    await tellAll(told, 300);
    stage.threads.add('7', entryOf(3));
    await tellAll(told, 300);
    assert.equal(count('chat.update'), 0);

    stage.threads.put('7', viewOf({ incident: incidentOf({ closedAtMs: Date.now() }) }));
    stage.threads.add('7', entryOf(4, { kind: 'closed' }));
    await tellAll(told, 300);

    assert.equal(count('chat.update'), 1);
    assert.equal(parent()?.color, '#2eb886');
  });

  it('sends no more than one message an interval to a channel', async () => {
    for (const id of ['1', '2', '3', '4']) {
      stage.threads.put(id, viewOf({ incident: incidentOf({ id, publicId: `inc-${id}` }) }));
      stage.threads.add(id, entryOf(1, { kind: 'fired' }));
    }

    await tellAll(delivery({ messageIntervalMs: 120 }), 2_000);

    const times = stage.slack.calls.filter((call) => call.method === 'chat.postMessage').map((call) => call.atMs);
    assert.equal(times.length, 4);
    for (const [index, atMs] of times.entries())
      assert.ok(index === 0 || atMs - (times[index - 1] ?? 0) >= 100, `${times}`);
  });

  it('opens a new thread before it goes on with replies to others', async () => {
    open();
    const told = delivery({ messageIntervalMs: 60, repliesPerVisit: 20 });
    stage.threads.add('7', ...[3, 4, 5, 6].map((id) => entryOf(id, { kind: id % 2 ? 'acted' : 'verified' })));
    await told.tick();
    await delay(90);
    stage.threads.put('8', viewOf({ incident: incidentOf({ id: '8', publicId: 'inc-8' }) }));
    stage.threads.add('8', entryOf(50, { kind: 'fired' }));

    await told.tick();
    await told.settled();

    const at = stage.slack.messages().findIndex((message) => JSON.stringify(message.metadata).includes('inc-8'));
    assert.ok(at > 0 && at < stage.slack.messages().length - 2, `position ${at} of ${stage.slack.messages().length}`);
  });

  it('waits as long as a 429 asks, and keeps the order', async () => {
    open();
    stage.threads.add('7', entryOf(3, { kind: 'acted', text: 'a' }), entryOf(4, { kind: 'verified', text: 'b' }));
    stage.slack.fail('chat.postMessage', { retryAfterSeconds: 1 });

    await tellAll(delivery(), 4_000);

    const posts = stage.slack.calls.filter((call) => call.method === 'chat.postMessage');
    assert.ok((posts[1]?.atMs ?? 0) - (posts[0]?.atMs ?? 0) >= 950);
    assert.equal(stage.slack.thread().length, 1);
    assert.deepEqual(replies(), ['*About to:* add a node', '*Done:* a', '*Verified:* b']);
    assert.deepEqual(
      stage.outcomes.filter((one) => one === 'throttled' || one === 'failed'),
      ['throttled'],
    );
  });
});
