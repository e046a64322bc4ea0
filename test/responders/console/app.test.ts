import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { consoleApp } from '../../../responders/console/app.ts';
import { formTokenOf, openAuth } from '../../../responders/console/auth.ts';
import type { ConsoleData } from '../../../responders/console/data.ts';
import { viewAt } from './support/drill.ts';
import { lineOf, type Stage, stage } from './support/stage.ts';

const here = { host: '127.0.0.1:9481', origin: 'http://127.0.0.1:9481' };
const everyPage = ['/', '/?incident=k3v9-wq2p-71ab', '/episodes/907', '/incidents/k3v9-wq2p-71ab', '/controls'];

function open(set: Stage = stage(), data: Partial<ConsoleData> = {}) {
  const auth = openAuth();
  const app = consoleApp({ data: { ...set.data, ...data }, desk: set.desk, auth, clock: set.clock });
  const get = async (path: string) => {
    const answer = await app.request(path, { headers: here });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  const send = async (path: string, fields: Record<string, string>, person = 'alex') => {
    const body = new URLSearchParams({ form: formTokenOf(auth, person), back: '/', ...fields });
    const answer = await app.request(path, {
      method: 'POST',
      headers: { ...here, accept: 'application/json', cookie: `gomeet_console=${person}` },
      body,
    });
    return { status: answer.status, text: ((await answer.json()) as { text: string }).text };
  };
  return { ...set, app, get, send };
}

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>' onfocus=x {{7*7}} <!channel> *b* javascript:alert(3)`;

test('hostile labels, annotations, titles and journal lines are text on every page', async () => {
  const set = stage();
  set.alter((view) => ({
    ...view,
    incident: { ...view.incident, title: hostile, commander: hostile, acknowledgedBy: hostile, acknowledgedAtMs: 1 },
    episodes: view.episodes.map((episode) => ({
      ...episode,
      alertname: 'SfuSaturated',
      labels: { ...episode.labels, [hostile]: hostile, node: hostile },
      annotations: { description: hostile, runbook_url: 'javascript:alert(1)' },
    })),
    runs: view.runs.map((run) => ({ ...run, says: hostile, target: hostile, reason: hostile, requestedBy: hostile })),
    journal: [
      ...view.journal.map((entry) => ({
        ...entry,
        subject: hostile,
        detail: {
          ...entry.detail,
          action: hostile,
          trace: [{ guard: hostile, verdict: 'refuse', reason: hostile, saw: hostile }],
        },
      })),
      lineOf(hostile, view),
    ],
  }));
  const fleet = set.data.fleet();
  assert.ok(fleet);
  const nasty = {
    ...fleet,
    value: {
      ...fleet.value,
      nodes: fleet.value.nodes.map((node) => ({ ...node, pod: hostile })),
      rooms: fleet.value.rooms.map((room) => ({ ...room, sid: hostile })),
    },
  };
  const { get } = open(set, {
    fleet: () => nasty,
    controls: async () => ({
      ...(await set.data.controls()),
      stopped: { by: hostile, reason: hostile, setAtMs: 1, expiresAtMs: undefined },
    }),
    controlHistory: async () => [lineOf(hostile, viewAt(240))],
  });
  for (const path of everyPage) {
    const { status, text } = await get(path);
    assert.equal(status, 200, path);
    assert.ok(text.includes('&lt;script&gt;') || text.includes('‹script›'), `${path} shows it at all`);
    for (const tag of text.match(/<[^>]*>/g) ?? [])
      assert.ok(
        !/^<script(?! src="\/console\.js")|\son\w+=|^<img|javascript:/i.test(
          tag
            .replace(/"[^"]*"/g, (value) => (value.startsWith('"javascript:') ? value : '""'))
            .replace('<script src=""', '<script src="/console.js"'),
        ),
        `${path}: ${tag}`,
      );
  }
});

test('the first page has the thread with its buttons, the signal and the fleet', async () => {
  const { text } = await open().get('/');
  for (const part of [
    'Firing, critical',
    'name="kind" value="acknowledge"',
    'Verified:',
    'class="chart"',
    'threshold 85%',
    'sfu-4',
    'Draining',
    '91% hot',
    'name="kind" value="approve"',
  ])
    assert.ok(text.includes(part), part);
});

test('a part of the world that was never seen says so loudly', async () => {
  assert.match((await open().get('/')).text, /class="chip bad">DigitalOcean <b>no data<\/b>/);
});

test('an old fleet is said to be no data, and is not passed off as fresh', async () => {
  const set = stage();
  const fleet = set.data.fleet();
  const { text } = await open(set, {
    fleet: () => fleet && { ...fleet, observedAtMs: fleet.observedAtMs - 120_000 },
  }).get('/');
  assert.match(text, /No fresh data:/);
  assert.match(text, /class="tiles stale"/);
});

test('when nothing ever fired, the page says what it will show and how to start a drill', async () => {
  const set = stage();
  set.empty();
  const { status, text } = await open(set).get('/');
  assert.equal(status, 200);
  assert.ok(text.includes('npm run gomeet -- drill sfu-saturation'));
  assert.ok(text.includes('no source has seen the fleet yet'));
  assert.ok(!text.includes('class="message"'));
});

test('Prometheus away: the signal says no data, the rest of the page stands', async () => {
  const signal = () => Promise.reject(new PortError('prometheus', 'unreachable', 'cannot be reached'));
  const { status, text } = await open(stage(), { signal }).get('/');
  assert.equal(status, 200);
  assert.ok(text.includes('No data: Prometheus does not answer (unreachable).'));
  assert.ok(text.includes('Firing, critical'));
});

test('the store away: the answer is an error without its text', async () => {
  const incidents = () => Promise.reject(new Error('password=hunter2'));
  const { status, text } = await open(stage(), { incidents }).get('/');
  assert.equal(status, 503);
  assert.ok(!text.includes('hunter2'));
});

test('however many pages ask within a second, the signal is read once', async () => {
  const { get, asks } = open();
  await Promise.all([get('/'), get('/'), get('/')]);
  assert.equal(asks.signals, 1);
});

test('an episode tells why: each guard, what it saw, how old it was, what it decided', async () => {
  const { text } = await open().get('/episodes/907');
  for (const part of [
    'refused: stale-data',
    'cluster 2 s old, fleet 94 s old',
    '2 min',
    'replica-ceiling',
    '$27,310 of $35,000',
    'done, effect verified',
    'Mitigation, in order',
  ])
    assert.ok(text.includes(part), part);
});

test('an unknown episode, incident or page is not found', async () => {
  const { get } = open();
  for (const path of ['/episodes/1', '/incidents/nope', '/?incident=nope', '/nope', '/incidents/nope/postmortem.md'])
    assert.equal((await get(path)).status, 404, path);
});

test('the postmortem draft can be downloaded as Markdown', async () => {
  const { headers, text } = await open().get('/incidents/k3v9-wq2p-71ab/postmortem.md');
  assert.match(headers.get('content-type') ?? '', /^text\/markdown/);
  assert.equal(headers.get('content-disposition'), 'attachment; filename="postmortem-2026-11-21-k3v9-wq2p-71ab.md"');
  assert.match(text, /^# /);
  assert.match(text, /six hours back.*BackOff \| Pod\/chat-1/s, 'with what the cluster still knows');
});

const value = 'k3v9-wq2p-71ab:3';

test('Acknowledge is done under the name of the one who clicked', async () => {
  const { send, asked } = open();
  assert.deepEqual(await send('/click', { kind: 'acknowledge', value }), {
    status: 200,
    text: 'Acknowledged: it is yours.',
  });
  assert.deepEqual(asked, ['acknowledge console:alex']);
});

test('a button that was used answers who used it, and does nothing', async () => {
  const { send, asked } = open();
  await send('/click', { kind: 'acknowledge', value });
  const again = await send('/click', { kind: 'acknowledge', value }, 'sam');
  assert.deepEqual(again, { status: 409, text: 'Already acknowledged by alex.' });
  assert.equal(asked.length, 1);
});

test('a stale button does nothing', async () => {
  const { send, asked } = open();
  const answer = await send('/click', { kind: 'noise', value: 'k3v9-wq2p-71ab:2' });
  assert.equal(answer.status, 409);
  assert.match(answer.text, /^Not done: it changed since/);
  assert.deepEqual(asked, []);
});

test('nobody approves what they asked for themselves, and one without the role nothing at all', async () => {
  const { send, asked } = open();
  assert.match(
    (await send('/click', { kind: 'approve', value: `${value}:5502` }, 'sam')).text,
    /needs the role approve/,
  );
  assert.deepEqual(asked, []);
  assert.equal((await send('/click', { kind: 'approve', value: `${value}:5502` }, 'alex')).status, 200);
  assert.deepEqual(asked, ['approve 5502 console:alex']);
});

test('Silence and Scale ask for their parameters and a reason', async () => {
  const { send, asked } = open();
  assert.equal((await send('/click', { kind: 'silence', value, duration: '9w', reason: 'known' })).status, 409);
  assert.equal((await send('/click', { kind: 'scale', value, step: '99', reason: 'more room' })).status, 409);
  assert.equal((await send('/click', { kind: 'scale', value, step: '1', reason: '' })).status, 409);
  assert.deepEqual(asked, []);
  await send('/click', { kind: 'scale', value, step: '2', reason: 'more room' });
  assert.deepEqual(asked, ['scaleSfu {"step":2} console:alex: more room']);
});

test('a forged or garbled button is refused', async () => {
  const { send, asked } = open();
  for (const fields of [
    { kind: 'acknowledge', value: 'x' },
    { kind: 'rm -rf', value },
    { kind: 'approve', value },
    { kind: 'freeze', value },
  ])
    assert.equal((await send('/click', fields)).status, 409, JSON.stringify(fields));
  assert.deepEqual(asked, []);
});

test('stop and resume work from the page, with a reason, and are shown', async () => {
  const { send, get, asked } = open();
  assert.equal((await send('/control', { control: 'stop-all', reason: '' })).text, 'Say why, in a few words.');
  await send('/control', { control: 'stop-all', reason: 'strange numbers' });
  assert.match(
    (await get('/')).text,
    /class="chip bad" href="\/controls" title="strange numbers"><b>Stopped<\/b> by alex/,
  );
  assert.match(
    (await send('/control', { control: 'resume', reason: 'all clear' }, 'sam')).text,
    /needs the role approve/,
  );
  assert.deepEqual(asked, ['stop-all console:alex']);
});

test('break glass needs a reason, an end and the right to approve', async () => {
  const { send, asked } = open();
  for (const [fields, person] of [
    [{ for: '1h', reason: '' }, 'alex'],
    [{ for: '48h', reason: 'alone here' }, 'alex'],
    [{ reason: 'alone here' }, 'alex'],
    [{ for: '1h', reason: 'alone here' }, 'sam'],
  ] as const)
    assert.equal((await send('/control', { control: 'break-glass', ...fields }, person)).status, 409);
  assert.deepEqual(asked, []);
  await send('/control', { control: 'break-glass', for: '1h', reason: 'alone here' });
  assert.deepEqual(asked, ['break-glass console:alex: alone here']);
});

test('a mode is set by name and reason', async () => {
  const { send, asked } = open();
  assert.equal(
    (await send('/control', { control: 'mode', alertname: 'SfuSaturated', mode: 'yolo', reason: 'trust me' })).status,
    409,
  );
  await send('/control', { control: 'mode', alertname: 'SfuSaturated', mode: 'shadow', reason: 'new threshold' });
  assert.deepEqual(asked, ['mode console:alex: new threshold']);
});

test('a board leads from an alert to the thread of its newest incident, and to the first page where there is none', async () => {
  const { get } = open();
  const to = async (name: string) => {
    const { status, headers } = await get(`/alerts/${name}`);
    return [status, headers.get('location')];
  };
  assert.deepEqual(await to('SfuSaturated'), [302, '/?incident=k3v9-wq2p-71ab']);
  assert.deepEqual(await to('NeverFired'), [302, '/']);
});
