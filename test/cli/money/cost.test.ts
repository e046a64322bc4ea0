import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { testDatabase } from '../../support/database.ts';
import { startAccount, startMailServer, startUsagePrometheus, startWebhook } from './cost-peers.ts';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
const gib = 1024 ** 3;
const pod = { namespace: 'gomeet', pod: 'livekit-sfu-7d9f8b6c5-abcde', container: 'livekit', node: 'sfu-0' };
const monthAgo = Date.now() / 1_000 - 30 * 86_400;
const account = await startAccount();
const mail = await startMailServer();
const webhook = await startWebhook();
const prometheus = await startUsagePrometheus(30, {
  requests: [
    [{ ...pod, resource: 'cpu' }, 16],
    [{ ...pod, resource: 'memory' }, 32 * gib],
  ],
  cpuP95: [[pod, 4]],
  memoryMax: [[pod, 8 * gib]],
  firstSeen: [[pod, monthAgo]],
  poolPeaks: [
    [{ pool: 'sfu', resource: 'cpu' }, 40],
    [{ pool: 'sfu', resource: 'memory' }, 80 * gib],
  ],
  poolFirstSeen: [[{ pool: 'sfu', resource: 'cpu' }, monthAgo]],
  participantHours: [[{}, 100_000]],
  measuredHours: [[{}, 720]],
  meetings: [[{}, 2_000]],
  egressBytes: [[{}, 100_000 * 450e6]],
});
after(() => Promise.all([account.stop(), mail.stop(), webhook.stop(), prometheus.stop()]));

const token = 'dop_v1_0123456789abcdef0123456789abcdef';
const settings = {
  DIGITALOCEAN_READ_TOKEN: token,
  DIGITALOCEAN_API_URL: account.url,
  PROMETHEUS_URL: prometheus.url,
  SMTP_URL: `smtp://gomeet:open%20sesame@127.0.0.1:${mail.port}`,
};

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = process.cwd()) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const whole = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...settings, ...env };
    execFile(process.execPath, [gomeet, ...args], { env: whole, cwd, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

const Money = z.object({ best: z.number(), low: z.number(), high: z.number() });
const Answer = z.object({
  schemaVersion: z.literal(1),
  total: Money,
  perHour: z.number(),
  budget: z.object({ amount: z.number(), setBy: z.string().optional() }),
  burn: z.object({ spent: z.number(), verdict: z.string() }),
  units: z.object({ perParticipantHour: Money, egressBitsPerSecond: z.number() }),
  allocations: z.array(z.object({ use: z.string(), workload: z.string(), cost: Money })),
  lines: z.array(z.object({ kind: z.string(), cost: Money })),
});

test('report: the allocation sums to the bill, idle is shown, a participant-hour has its price; options may stand before', async () => {
  const { code, stdout, stderr } = await run(['cost', '--format', 'json', 'report']);
  assert.equal(code, 0, stderr);
  const report = Answer.parse(JSON.parse(stdout));

  const sum = (parts: readonly { cost: { best: number } }[]) => parts.reduce((total, { cost }) => total + cost.best, 0);
  assert.ok(Math.abs(sum(report.allocations) - report.total.best) < 1e-4);
  assert.ok(Math.abs(sum(report.lines) - report.total.best) < 1e-4);
  assert.ok(Math.abs(report.units.perParticipantHour.best - report.total.best / 100_000) < 1e-5);
  assert.equal(report.units.egressBitsPerSecond, 1e6);
  assert.equal(report.burn.spent, 1_234.56);
  // One pod holds half of one node's CPU and half of its memory; the other five nodes and a half are idle.
  const of = (use: string) => sum(report.allocations.filter((part) => part.use === use));
  const nodes = sum(report.lines.filter(({ kind }) => kind === 'droplet'));
  assert.ok(Math.abs(of('used') - nodes / 12) < 0.01);
  assert.ok(of('idle') > nodes * (11 / 12));
  assert.doesNotMatch(stdout + stderr, new RegExp(token));
});

test('efficiency: names what nobody uses, the pool minimum and the request that does not fit', async () => {
  const { code, stdout, stderr } = await run(['cost', 'efficiency', '--format', 'csv']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /"no Droplet holds it, so no pod mounts it",\$50\.00,high,two people and a snapshot/);
  assert.match(stdout, /pool minimum,sfu,keeps 6 nodes; 3 held the highest load with one to lose,"\$2,016",high/);
  assert.match(stdout, /livekit-sfu,livekit,1,16 → 4,32\.00 → 9\.20,too-large/);
  // 90 of the 100 GiB above the plan, at two cents.
  assert.match(stdout, /registry,gomeet,"?3 manifests without a tag hold up to 90\.0 GiB[^\n]*\$1\.80,high,two people/);
  assert.doesNotMatch(stdout, /volume,data/);
  assert.match(stdout, /'=cmd\(\)/, 'a spreadsheet must not take a name for a formula');
  assert.ok(!stdout.includes('\u001b'));
});

test('--plan prints patches and changes nothing, and a name cannot write into it', async () => {
  const before = account.requests.filter(({ method }) => method !== 'GET').length;
  const { stdout } = await run(['cost', 'efficiency', '--plan']);
  assert.match(stdout, /requests:\n\s+cpu: 4000m\n\s+memory: 9424Mi/);
  assert.match(stdout, /# doctl kubernetes cluster node-pool update 0a6f0f3c-\S+0a 0a6f0f3c-\S+0b --min-nodes 3/);
  assert.match(stdout, /# gomeet cost delete-volume v1/);
  assert.match(stdout, /# doctl registry garbage-collection start/);
  assert.doesNotMatch(stdout, /^(kubectl|doctl|gomeet)/m);
  // Requests, pool minimum, volume and registry: each is a document of its own.
  const patches = parseAllDocuments(stdout).map((document) => document.toJS());
  assert.deepEqual(
    patches.flatMap((patch) => (patch === null ? [] : [Object.keys(patch).join()])),
    ['apiVersion,kind,metadata,spec', 'nodePool', 'remove', 'remove'],
  );
  assert.equal(account.requests.filter(({ method }) => method !== 'GET').length, before);
});

test("scale auto --optimize is the same plan under the runbook's name, and its JSON that of the command it stands for", async () => {
  const [asked, plan] = [await run(['scale', 'auto', '--optimize']), await run(['cost', 'efficiency', '--plan'])];
  assert.equal(asked.code, 0, asked.stderr);
  assert.match(asked.stdout, /requests:\n\s+cpu: 4000m/);
  // The first line says when.
  const [rest, same] = [asked, plan].map(({ stdout }) => stdout.split('\n').slice(1));
  assert.deepEqual(rest, same);
  const json = JSON.parse((await run(['scale', 'auto', '--optimize', '--json'])).stdout);
  assert.deepEqual(Object.keys(json), Object.keys(JSON.parse((await run(['cost', 'efficiency', '--json'])).stdout)));
});

test('the table has no control characters of a hostile name, and says which prices are not sure', async () => {
  const { stdout } = await run(['cost', 'monitor'], { NO_COLOR: '1' });
  assert.ok(!stdout.includes('\u001b'));
  assert.match(stdout, /\$27,048[^\n]*no input of the documents yields it/);
  assert.match(stdout, /\$35,000[^\n]*operations runbook/);
});

test('focus has a row for each line, in USD, with the columns of FOCUS', async () => {
  const { stdout } = await run(['cost', 'report', '--format', 'focus']);
  const [head = '', ...rows] = stdout.trim().split('\n');
  assert.match(head, /^BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,/);
  assert.ok(rows.length >= 8 && rows.filter((row) => row.includes(',USD,')).length >= 8);
  const refused = await run(['cost', 'efficiency', '--format', 'focus']);
  assert.deepEqual([refused.code, /has no charges/.test(refused.stderr)], [2, true]);
});

test('a budget is stored with who set it, found again by the next command, and the alert exits 1 above it', async () => {
  const env = { DATABASE_URL: await testDatabase() };
  const set = await run(['cost', 'alert', '--budget', '1000', '--reason', 'tight month', '--json'], env);
  assert.equal(set.code, 1, set.stderr);
  const again = await run(['cost', 'monitor', '--json'], env);
  const { budget, burn } = Answer.partial().parse(JSON.parse(again.stdout));
  assert.deepEqual([budget?.amount, burn?.verdict], [1_000, 'exceeded']);
  assert.match(budget?.setBy ?? '', /^cli:/);
  const journal = await run(['journal', 'export'], env);
  assert.match(journal.stdout, /A month may cost \$1,000: tight month/);
});

test('the alert is quiet within the budget, and mails and posts when asked', async () => {
  const env = { MONTHLY_BUDGET_USD: '90000', BUDGET_ALERT_EMAIL: 'ops@example.com' };
  const { code, stderr } = await run(['cost', 'alert', '--email', '--slack-webhook', webhook.url], env);
  assert.equal(code, 0, stderr);
  assert.equal(mail.mails.length, 1);
  assert.match(mail.mails[0] ?? '', /To: ops@example\.com\r\n(.|\r\n)*spent so far: \$1,235/);
  assert.match(webhook.posts[0] ?? '', /of \$90,000 this month, within the budget/);
});

test('a refused password, a missing setting and nonsense are one clear line, without the secret', async () => {
  const wrong = await run(['cost', 'alert', '--email', 'ops@example.com'], {
    SMTP_URL: `smtp://gomeet:not-it@127.0.0.1:${mail.port}`,
  });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /smtp: the mail was not taken/);
  assert.doesNotMatch(wrong.stderr, /not-it/);
  const bad = await run(['cost', 'report'], { DIGITALOCEAN_READ_TOKEN: 'dop_v1_ffff' });
  assert.deepEqual([bad.code, bad.stderr.trim().split('\n').length], [2, 1]);
  assert.doesNotMatch(bad.stderr, /dop_v1_ffff/);
  assert.equal((await run(['cost', 'report', '--historical-days', '0'])).code, 2);
  assert.match(
    (await run(['cost', 'report'], { DIGITALOCEAN_READ_TOKEN: '' })).stderr,
    /DIGITALOCEAN_READ_TOKEN is not set/,
  );
});

test('without Prometheus nothing is allocated and no unit cost is made up; the bill stands all the same', async () => {
  const { stdout, code } = await run(['cost', 'report', '--json'], { PROMETHEUS_URL: '' });
  const report = Answer.partial().parse(JSON.parse(stdout));
  assert.equal(code, 0);
  assert.equal(report.units, undefined);
  assert.deepEqual([...new Set(report.allocations?.map(({ workload }) => workload))].sort(), [
    'idle',
    'livekit-sfu',
    'not measured',
    'registry',
    'volume',
  ]);
});

test('delete-volume says what it would do and what it saves, and refuses one that a Droplet holds', async () => {
  const env = { DIGITALOCEAN_TOKEN: token };
  // The local store stands beside whoever calls.
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-cost-'));
  await chmod(folder, 0o755);
  const plan = await run(['cost', 'delete-volume', 'v1', '--local', '--dry-run'], env, folder);
  assert.equal(plan.code, 0, plan.stderr);
  assert.match(plan.stderr, /\$50\.00 a month, after a snapshot of it, at most \$30\.00 a month/);
  assert.ok(!plan.stderr.includes('\u001b[2J'));
  const held = await run(['cost', 'delete-volume', 'v2', '--local'], env, folder);
  assert.deepEqual([held.code, /Droplet 100000 holds volume data/.test(held.stderr)], [1, true]);
  assert.deepEqual(
    account.requests.filter(({ method }) => method !== 'GET'),
    [],
  );
});

test('own prices count from the next command on, and a wrong file is named by line and field', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-prices-'));
  const file = join(folder, 'prices.yaml');
  await writeFile(file, 'asOf: 2026-12-01\nsource: our contract\nmonthly:\n  volume: 0.2\n');
  const { stdout, stderr } = await run(['cost', 'efficiency', '--format', 'csv'], { PRICE_FILE: file });
  assert.match(stdout, /"no Droplet holds it, so no pod mounts it",\$100/, stderr);
  await writeFile(file, 'asOf: 2026-12-01\nsource: our contract\nmonthly:\n  volume: much\n');
  const wrong = await run(['cost', 'monitor'], { PRICE_FILE: file });
  assert.deepEqual(
    [wrong.code, wrong.stderr.trim()],
    [2, `gomeet: ${file}: line 4: monthly.volume: want dollars as a number`],
  );
});
