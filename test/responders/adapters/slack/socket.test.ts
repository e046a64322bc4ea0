import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../../kernel/clock.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { type FakeSlack, startFakeSlack } from '../../../../lab/fakes/slack.ts';
import { createSlackSocket, type SlackSocket } from '../../../../responders/adapters/slack/socket.ts';
import type { Click } from '../../../../responders/interact/payload.ts';
import { blockActions, slashCommand, viewSubmission } from '../../../support/slack-payloads.ts';

describe('Socket Mode', () => {
  let slack: FakeSlack;
  let socket: SlackSocket;
  let clicks: Click[];
  let problems: string[];

  beforeEach(async () => {
    slack = await startFakeSlack();
    clicks = [];
    problems = [];
    const keys = new Set<string>();
    socket = createSlackSocket({
      appToken: 'xapp-test',
      apiUrl: slack.apiUrl,
      clock: systemClock,
      log: silentLog,
      seen: async (key) => keys.has(key) || !keys.add(key),
      onClick: async (click) => {
        clicks.push(click);
        return 'done';
      },
      whisper: async () => undefined,
      onProblem: (problem) => problems.push(problem),
    });
    await socket.start();
    for (let tries = 0; tries < 100 && slack.socket.connections === 0; tries++) await delay(10);
  });
  afterEach(async () => {
    await socket.stop();
    await slack.close();
  });

  it('opens its connection at the configured address, not at slack.com', () => {
    assert.deepEqual(
      slack.calls.map(({ method, token }) => [method, token]),
      [['apps.connections.open', 'Bearer xapp-test']],
    );
  });

  it('hands a click to the same handler as HTTP and acknowledges it', async () => {
    assert.deepEqual(await slack.socket.send('interactive', blockActions('acknowledge', 'inc-k3v9:4')), {});
    await delay(20);

    assert.deepEqual(
      clicks.map(({ kind, subject }) => [kind, subject]),
      [['acknowledge', 'slack:T0/U1']],
    );
  });

  it('does not work twice on an envelope that comes again', async () => {
    await slack.socket.send('interactive', blockActions('acknowledge', 'inc-k3v9:4'));
    await slack.socket.send('interactive', blockActions('acknowledge', 'inc-k3v9:4'));
    await delay(20);

    assert.deepEqual([clicks.length, problems], [1, ['duplicate']]);
  });

  it('answers a form with its errors and a command in place', async () => {
    const form = await slack.socket.send('interactive', viewSubmission('scale', { step: '0', reason: 'event' }));
    const command = await slack.socket.send('slash_commands', slashCommand('status'));

    assert.deepEqual(form, { response_action: 'errors', errors: { step: 'A whole number from 1 to 5.' } });
    assert.deepEqual(command, { response_type: 'ephemeral', text: 'done' });
  });

  it('acknowledges what it cannot read, and does nothing', async () => {
    await slack.socket.send('interactive', { type: 'block_actions' });

    assert.deepEqual([clicks, problems], [[], ['malformed']]);
  });
});
