import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startAccount, startMailServer, startWebhook } from './cost-peers.ts';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
const token = 'dop_v1_0123456789abcdef0123456789abcdef';
const account = await startAccount();
const mail = await startMailServer();
const webhook = await startWebhook();
const folder = await mkdtemp(join(tmpdir(), 'gomeet-monthly-'));
after(async () => {
  await Promise.all([account.stop(), mail.stop(), webhook.stop()]);
  await rm(folder, { recursive: true, force: true });
});

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const whole = { PATH: '', HOME: folder, ...env };
    execFile(process.execPath, [gomeet, 'report', ...args], { env: whole, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

test('the demo wants nothing and writes every form; without Chromium all but the PDF, and says so', async () => {
  const out = join(folder, 'demo');
  const { code, stdout, stderr } = await run(['monthly', '--demo', '--out', out]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Cost and capacity, October 2026\nSpent: \$17,559/);
  assert.match(stderr, /no PDF: there is no Chromium on PATH/);
  assert.deepEqual((await readdir(out)).map((name) => name.replace('gomeet-2026-10.', '')).sort(), [
    'csv',
    'focus.csv',
    'html',
    'json',
    'md',
    'txt',
  ]);
});

test('an input that was saved makes the same report again, and a correction of it says what it replaces', async () => {
  const [saved, first] = [join(folder, 'input.json'), join(folder, 'first.json')];
  const original = await run(['monthly', '--demo', '--json', '--save-input', saved]);
  const again = await run(['monthly', '--from', saved, '--json']);
  assert.equal(again.stdout, original.stdout);
  await writeFile(first, original.stdout);
  const bare = await run(['monthly', '--from', saved, '--corrects', first]);
  assert.equal(bare.code, 2);
  assert.match(bare.stderr, /--corrects wants --reason/);
  const second = await run([
    '--json',
    'monthly',
    '--from',
    saved,
    '--corrects',
    first,
    '--reason',
    'databases were counted twice',
  ]);
  const { edition, correction } = JSON.parse(second.stdout);
  assert.equal(edition, 2);
  assert.match(
    correction,
    /^Edition 2 replaces edition 1 of .*: databases were counted twice\. The total is still \$17,559/,
  );
});

test('a wrong month, zone, form or file is one sentence and exit code 2 or a hint, never a stack', async () => {
  const broken = join(folder, 'broken.json');
  await writeFile(
    broken,
    (await readFile(join(folder, 'input.json'), 'utf8')).replace('"currency":"USD"', '"currency":"IDR"'),
  );
  const cases = [
    [['monthly', '--month', '2026-13'], /want a month such as 2026-10/],
    [['monthly', '--month', '2126-01'], /that month has not begun/],
    [['monthly', '--time-zone', 'Asia/Atlantis'], /no time zone Asia\/Atlantis/],
    [['monthly', '--demo', '--format', 'docx'], /want html, pdf/],
    [['monthly', '--demo', '--format', 'pdf', '--out', folder], /the PDF needs Chromium on PATH/],
    [['monthly', '--from', broken], /broken\.json: currency: only USD/],
    [['monthly', '--from', join(folder, 'none.json')], /none\.json: ENOENT/],
    [['monthly', '--reason', 'why not'], /no edition of .* is stored/],
  ] as const;
  for (const [args, says] of cases) {
    const { code, stderr } = await run(args);
    assert.notEqual(code, 0, args.join(' '));
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});

test('with an account and no Prometheus there is a report of gaps; it is mailed and posted, and no secret is in any of it', async () => {
  const out = join(folder, 'live');
  const { code, stdout, stderr } = await run(
    ['monthly', '--out', out, '--email', 'cfo@example.com, sre@example.com', '--send'],
    {
      DIGITALOCEAN_READ_TOKEN: token,
      DIGITALOCEAN_API_URL: account.url,
      SMTP_URL: `smtp://gomeet:open%20sesame@127.0.0.1:${mail.port}`,
      SLACK_WEBHOOK_URL: `${webhook.url}/services/T0/B0/hidden`,
    },
  );
  assert.equal(code, 0, stderr);
  assert.match(stderr, /mailed to cfo@example\.com, sre@example\.com/);
  const [mailed = ''] = mail.mails;
  assert.match(mailed, /Subject: GoMeet: Cost and capacity/);
  assert.match(mailed, /filename=gomeet-\d{4}-\d{2}\.html/);
  assert.equal(webhook.posts.length, 1);
  assert.ok(webhook.posts[0]?.includes('no data'));
  const files = await Promise.all((await readdir(out)).map((name) => readFile(join(out, name), 'utf8')));
  assert.match(files.join('\n'), /no PROMETHEUS_URL/);
  for (const text of [stdout, stderr, mailed, ...webhook.posts, ...files])
    for (const secret of [token, 'open sesame', 'services/T0']) assert.ok(!text.includes(secret));
});

test('a mail server that refuses is named, without the password', async () => {
  const { code, stderr } = await run(
    ['monthly', '--demo', '--format', 'txt', '--out', folder, '--email', 'cfo@example.com'],
    {
      SMTP_URL: `smtp://gomeet:wrong%20word@127.0.0.1:${mail.port}`,
    },
  );
  assert.equal(code, 2);
  assert.match(stderr, /smtp: the mail was not taken/);
  assert.ok(!stderr.includes('wrong word'));
});
