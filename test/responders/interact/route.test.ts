import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { silentLog } from '../../../kernel/log.ts';
import type { Click } from '../../../responders/interact/payload.ts';
import type { ClickDeps } from '../../../responders/interact/receive.ts';
import { maxBodyBytes, slackRoutes } from '../../../responders/interact/route.ts';
import { blockActions, signed, signingSecret, slashCommand, viewSubmission } from '../../support/slack-payloads.ts';

const now = Date.UTC(2026, 10, 21, 3, 0, 0);

describe('the Slack routes', () => {
  let clicks: Click[];
  let problems: string[];
  let whispers: string[];
  let keys: Set<string>;

  beforeEach(() => {
    clicks = [];
    problems = [];
    whispers = [];
    keys = new Set();
  });

  function routes(more: Partial<ClickDeps> = {}) {
    return slackRoutes({
      signingSecret,
      clock: { now: () => now, sleep: () => new Promise(() => undefined) },
      log: silentLog,
      seen: async (key) => keys.has(key) || !keys.add(key),
      onClick: async (click) => {
        clicks.push(click);
        return `done ${click.kind}`;
      },
      whisper: async (words, to) => void whispers.push(`${to.channel}/${to.user}: ${words}`),
      onProblem: (problem) => problems.push(problem),
      ...more,
    });
  }

  const press = (value = 'inc-k3v9:4', ts = '1.000') => ({
    payload: JSON.stringify(blockActions('acknowledge', value, { ts })),
  });

  async function post(path: string, init: RequestInit, app = routes()) {
    const response = await app.request(path, init);
    await turn();
    return { status: response.status, body: await response.text() };
  }

  it('answer a click with 200 and nothing, and whisper what came of it', async () => {
    const answer = await post('/slack/interactions', signed(press(), now));

    assert.deepEqual(answer, { status: 200, body: '' });
    assert.deepEqual(
      clicks.map(({ kind, subject }) => [kind, subject]),
      [['acknowledge', 'slack:T0/U1']],
    );
    assert.deepEqual(whispers, ['C0ALERTS1/U1: done acknowledge']);
  });

  it('answer before the work is done, however long it takes', async () => {
    const app = routes({ onClick: () => new Promise(() => undefined) });

    assert.equal((await post('/slack/interactions', signed(press(), now), app)).status, 200);
  });

  it('refuse a forged, an unsigned, a stale and a future request, and count each by its reason', async () => {
    const app = routes();
    const cases: [string, RequestInit][] = [
      ['forged', signed(press(), now, 'another-secret')],
      ['unsigned', { method: 'POST', body: 'payload={}' }],
      ['stale', signed(press(), now - 301_000)],
      ['future', signed(press(), now + 302_000)],
    ];

    for (const [reason, init] of cases)
      assert.deepEqual(await post('/slack/interactions', init, app), { status: 401, body: `{"error":"${reason}"}` });

    assert.deepEqual(problems, ['forged', 'unsigned', 'stale', 'future']);
    assert.deepEqual(clicks, []);
    assert.equal(keys.size, 0);
  });

  it('refuse the same signed request a second time', async () => {
    const app = routes();
    await post('/slack/interactions', signed(press(), now), app);

    const second = await post('/slack/interactions', signed(press(), now), app);

    assert.equal(second.status, 401);
    assert.deepEqual(problems, ['replayed']);
    assert.equal(clicks.length, 1);
  });

  it('do not work twice on a click that Slack delivers again under a new signature', async () => {
    const app = routes();
    await post('/slack/interactions', signed(press(), now), app);

    const second = await post('/slack/interactions', signed(press(), now + 2_000), app);

    assert.equal(second.status, 200);
    assert.deepEqual(problems, ['duplicate']);
    assert.equal(clicks.length, 1);
  });

  it('take two clicks of one person as two', async () => {
    const app = routes();
    await post('/slack/interactions', signed(press('inc-k3v9:4', '1.000'), now), app);
    await post('/slack/interactions', signed(press('inc-k3v9:4', '2.000'), now), app);

    assert.equal(clicks.length, 2);
  });

  it('do nothing when the store cannot say whether a click is new, and tell the person so', async () => {
    const app = routes({ seen: () => Promise.reject(new Error('no store')) });

    const answer = await post('/slack/interactions', signed(press(), now), app);
    await turn();

    assert.equal(answer.status, 200);
    assert.deepEqual(clicks, []);
    assert.match(whispers.join(), /cannot be reached\. Nothing was done/);
    assert.deepEqual(problems, ['store-away']);
  });

  it('answer in time when the store hangs', async () => {
    const app = routes({
      seen: () => new Promise(() => undefined),
      clock: { now: () => now, sleep: async () => undefined },
    });

    assert.equal((await post('/slack/interactions', signed(press(), now), app)).status, 200);
    assert.deepEqual(clicks, []);
  });

  it('refuse an oversized request before reading it', async () => {
    const answer = await post('/slack/interactions', signed({ payload: 'x'.repeat(maxBodyBytes) }, now));

    assert.equal(answer.status, 413);
    assert.deepEqual(problems, ['oversized']);
  });

  it('take no harm from a signed payload that is not what Slack sends', async () => {
    const app = routes();
    const bad = [
      '',
      'null',
      '[]',
      '{"type":"block_actions"}',
      '{',
      JSON.stringify(blockActions('drop-tables', 'inc:1')),
      JSON.stringify(blockActions('approve', 'inc:1')),
      JSON.stringify(blockActions('acknowledge', '../../etc:x')),
    ];

    for (const payload of bad)
      assert.equal((await post('/slack/interactions', signed({ payload }, now), app)).status, 200, payload);

    assert.deepEqual(clicks, []);
    assert.equal(problems.length, bad.length);
  });

  it('ignore what is none of our business', async () => {
    await post('/slack/interactions', signed({ payload: JSON.stringify({ type: 'view_closed' }) }, now));

    assert.deepEqual([clicks, problems], [[], []]);
  });

  it('show a form again with what is wrong with it, and do nothing', async () => {
    const payload = JSON.stringify(viewSubmission('scale', { step: '9', reason: '' }));

    const answer = await post('/slack/interactions', signed({ payload }, now));

    assert.deepEqual(JSON.parse(answer.body), {
      response_action: 'errors',
      errors: { reason: 'Say why, in a few words.', step: 'A whole number from 1 to 5.' },
    });
    assert.deepEqual(clicks, []);
  });

  it('hand on a form that is filled in well', async () => {
    const payload = JSON.stringify(viewSubmission('scale', { step: '2', reason: 'big event at nine' }));

    await post('/slack/interactions', signed({ payload }, now));

    const [click] = clicks;
    assert.deepEqual(click?.kind === 'scale' && [click.publicId, click.version, click.params, click.reason], [
      'inc-k3v9',
      4,
      { step: 2 },
      'big event at nine',
    ]);
  });

  it('answer a command in place when that is quick', async () => {
    const answer = await post('/slack/commands', signed(slashCommand('freeze 2h release'), now));

    assert.deepEqual(JSON.parse(answer.body), { response_type: 'ephemeral', text: 'done command' });
    assert.deepEqual(
      clicks.map((click) => click.kind === 'command' && click.command),
      [{ name: 'freeze', for: '2h', reason: 'release' }],
    );
  });

  it('answer a command at once and whisper later when it is slow', async () => {
    let finish: (words: string) => void = () => undefined;
    const slow = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const app = routes({ onClick: () => slow, clock: { now: () => now, sleep: async () => void (await turn()) } });

    const answer = await post('/slack/commands', signed(slashCommand('status'), now), app);
    finish('all quiet');
    await turn();

    assert.match(answer.body, /Working on it/);
    assert.deepEqual(whispers, ['C0ALERTS1/U1: all quiet']);
  });

  it('explain a command that is not understood, and do nothing', async () => {
    const answer = await post('/slack/commands', signed(slashCommand('reboot everything'), now));

    assert.match(answer.body, /stop-all REASON/);
    assert.deepEqual(clicks, []);
  });

  it('hold the same signature check for commands', async () => {
    assert.equal((await post('/slack/commands', signed(slashCommand('stop-all now'), now, 'x'))).status, 401);
    assert.deepEqual(clicks, []);
  });
});
