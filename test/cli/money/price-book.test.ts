import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { usd } from '../../../kernel/money.ts';
import { startDigitalOceanFake } from '../../../lab/fakes/digitalocean.ts';
import { ownPrices } from '../../../model/prices/own.ts';
import { prices } from '../../../model/prices.ts';
import { deleteVolume } from '../../../responders/act/delete-volume.ts';
import { declaredPlatform } from '../../../responders/declared.ts';
import { actRig } from '../../support/act-ports.ts';
import { planOf } from '../../support/play-procedure.ts';
import { nowMs } from '../../support/situation.ts';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'gomeet-prices-'));
after(() => rm(folder, { recursive: true }));

// Half of what a node of the SFU pool costs by our own book, and ten times a volume.
const own =
  'asOf: 2026-12-01\nsource: our contract\nnodeSizes: {c-32: 0.5}\nmonthly: {volume: 1}\ntransferPerGib: 0.005\n';
const file = join(folder, 'prices.yaml');
await writeFile(file, own);
const wrong = join(folder, 'wrong.yaml');
await writeFile(wrong, 'asOf: 2026-12-01\nsource: our contract\nnodeSizes:\n  c-33: 0.5\n');

const api = await startDigitalOceanFake({ token: 't', clusters: [], dropletLimit: 500, monthToDateUsd: 0 });
after(() => api.stop());

function run(args: readonly string[], PRICE_FILE: string | undefined) {
  const env: NodeJS.ProcessEnv = { ...process.env, DIGITALOCEAN_TOKEN: 't', DIGITALOCEAN_API_URL: api.url };
  if (PRICE_FILE === undefined) delete env['PRICE_FILE'];
  else env['PRICE_FILE'] = PRICE_FILE;
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [gomeet, ...args], { env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

/** Every command that names what nodes cost, and where its JSON says so. */
const commands: readonly (readonly [args: readonly string[], dollars: (answer: never) => number])[] = [
  [
    ['fit', '--environment', 'starter', '--json'],
    ({ pools }: { pools: { monthlyUsd: number }[] }) => sum(pools.map(({ monthlyUsd }) => monthlyUsd)),
  ],
  [
    ['infra', 'plan', '--environment', 'starter', '--json'],
    ({ cost }: { cost: { item: string; low: number }[] }) =>
      sum(cost.filter(({ item }) => item.includes('c-32')).map(({ low }) => low / 1e6)),
  ],
  [
    ['capacity', 'what-if', '--participants', '5000', '--size', 'c-32', '--format', 'json'],
    ({ nodesMonthlyUsd }: { nodesMonthlyUsd: number }) => nodesMonthlyUsd,
  ],
  [
    ['capacity', 'what-if', '--participants', '5000', '--size', 'c-32', '--format', 'json'],
    ({ egressMonthlyUsd }: { egressMonthlyUsd: number }) => egressMonthlyUsd,
  ],
];
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);

for (const [args, dollars] of commands)
  test(`${args.slice(0, 2).join(' ')} reckons with the prices of PRICE_FILE, and names file and line of a wrong one`, async () => {
    const [ours, theirs, refused] = await Promise.all([run(args, undefined), run(args, file), run(args, wrong)]);
    const [before, now] = [ours, theirs].map(({ stdout }) => dollars(JSON.parse(stdout) as never));
    assert.ok(before !== undefined && before > 0, ours.stderr);
    assert.ok(Math.abs((now ?? 0) - before / 2) < 1e-4, `${now}, ours ${before}`);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /wrong\.yaml: line 4: nodeSizes\.c-33: .*did you mean c-32\?/);
  });

test("the responder's guards and acts reckon with the same prices", () => {
  const book = ownPrices(own, 'prices.yaml', prices);
  const declared = declaredPlatform('production', book);
  const cost = (of: typeof declared) => [
    of.sfu.nodeCostPerHour,
    of.pools.find(({ name }) => name === 'sfu')?.nodeCostPerHour,
  ];
  assert.deepEqual(cost(declared), [usd(0.5), usd(0.5)]);
  assert.deepEqual(cost(declaredPlatform()), [usd(1), usd(1)]);

  const volume = { id: 'v', name: 'old', sizeGib: 100, droplets: [] };
  const cloud = { value: { ...actRig().cloud, volumes: [volume] }, observedAtMs: nowMs };
  const plan = planOf(deleteVolume, { volume: 'old' }, { cloud }, declared);
  assert.ok('says' in plan && plan.says.includes('$100.00 a month'), JSON.stringify(plan));
});
