import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startFakeSlack } from '../../lab/fakes/slack.ts';
import { demoTools } from '../../lab/tools.ts';
import { needTool } from '../support/need-tool.ts';

it('goes on while Slack is away, and tells the thread there when it is back; a cluster that is only named stays untouched', async (t) => {
  for (const tool of demoTools) if (!needTool(t, tool)) return;
  const slack = await startFakeSlack();
  t.after(() => slack.close());
  slack.outage(true);
  const folder = mkdtempSync(join(tmpdir(), 'gomeet-demo-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, 'demo', '--once'], {
    cwd: folder,
    env: {
      ...process.env,
      SLACK_BOT_TOKEN: 'xoxb-of-the-test',
      SLACK_API_URL: slack.apiUrl,
      KUBECONFIG: join(folder, 'no-such-kubeconfig'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  let postedWhileAway = -1;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      told += chunk;
      if (!told.includes('ACTED') || postedWhileAway >= 0) return;
      postedWhileAway = slack.messages().length;
      slack.outage(false);
    });

  const [code] = await once(child, 'close');

  assert.equal(code, 0, told);
  assert.equal(postedWhileAway, 0);
  assert.match(told, /Slack is the real one: threads go to #gomeet-alerts/);
  assert.match(told, /KUBECONFIG is set and left alone/);
  assert.doesNotMatch(told, /xoxb-of-the-test/);
  const parent = slack.thread().find(({ text }) => text.includes('SfuSaturated'));
  assert.ok(parent, JSON.stringify(slack.messages().map(({ text }) => text)));
  assert.ok(slack.thread(parent.ts).some(({ text }) => text.startsWith('Done')));
});
