import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLog } from '../../../kernel/log.ts';
import { consoleApp } from '../../../responders/console/app.ts';
import { openAuth } from '../../../responders/console/auth.ts';
import { createPulse } from '../../../responders/console/pulse.ts';
import { stage } from './support/stage.ts';

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !holds(); tries += 1) await delay(10);
}

test('every follower hears of a change, and the store is asked once for all', async () => {
  const set = stage();
  const over = new AbortController();
  const heard: string[] = [];
  const pulse = createPulse(set.data, set.clock, silentLog);
  const following = ['a', 'b', 'c'].map((name) =>
    pulse.follow((revision) => heard.push(`${name}${revision}`), over.signal),
  );
  await until(() => heard.length === 3);
  set.goTo(250);
  await until(() => heard.length === 6);
  const asked = set.asks.revisions;
  over.abort();
  await Promise.all(following);
  assert.deepEqual(heard.toSorted(), ['a0', 'a1', 'b0', 'b1', 'c0', 'c1']);
  assert.ok(asked < 60, `${asked} questions`);
  assert.equal(pulse.followers(), 0);
});

test('nothing is told while nothing changes, and nothing asked while nobody looks', async () => {
  const set = stage();
  const heard: string[] = [];
  const over = new AbortController();
  const pulse = createPulse(set.data, set.clock, silentLog);
  const following = pulse.follow((revision) => heard.push(revision), over.signal);
  await delay(150);
  assert.deepEqual(heard, ['0']);
  over.abort();
  await following;
  await delay(60);
  const asked = set.asks.revisions;
  await delay(100);
  assert.equal(set.asks.revisions, asked);
});

test('a store that does not answer for a while is asked again', async () => {
  const set = stage();
  let away = true;
  const heard: string[] = [];
  const over = new AbortController();
  const pulse = createPulse(
    { revision: () => (away ? Promise.reject(new Error('away')) : set.data.revision()) },
    set.clock,
    silentLog,
  );
  const following = pulse.follow((revision) => heard.push(revision), over.signal);
  await delay(80);
  assert.deepEqual(heard, []);
  away = false;
  await until(() => heard.length > 0);
  over.abort();
  await following;
  assert.deepEqual(heard, ['0']);
});

test('an open page gets an event when something changes', async () => {
  const set = stage();
  const app = consoleApp({ data: set.data, desk: set.desk, auth: openAuth(), clock: set.clock });
  const answer = await app.request('/events', { headers: { host: '127.0.0.1:9481' } });
  assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/);
  const reader = answer.body?.getReader();
  assert.ok(reader);
  let text = '';
  const read = async (wanted: RegExp) => {
    while (!wanted.test(text)) {
      const { value, done } = await reader.read();
      assert.ok(!done, `the stream ended after ${text}`);
      text += new TextDecoder().decode(value);
    }
  };
  await read(/event: revision[\s\S]*id: 0/);
  set.goTo(260);
  await read(/id: 1\n/);
  await reader.cancel();
});
