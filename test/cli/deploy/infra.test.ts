import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type DigitalOceanFake, startDigitalOceanFake } from '../../../lab/fakes/digitalocean.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { resourceKinds } from '../../../manifests/infrastructure/define.ts';

const Line = z.looseObject({ resource: z.string() });
const Shown = z.object({
  plan: z.object({ steps: z.array(Line), kept: z.array(Line), problems: z.array(Line) }),
  cost: z.array(Line),
  expansion: z
    .object({
      growth: z.array(
        z.looseObject({
          pool: z.string(),
          maxNodes: z.number(),
          nextMax: z.number(),
          perNodeMonthly: z.number(),
          addedMonthly: z.number(),
        }),
      ),
      notes: z.array(z.string()),
    })
    .loose()
    .optional(),
});
const token = 'dop_v1_0123456789abcdef0123456789abcdef';
const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));

describe('gomeet infra', () => {
  let fake: DigitalOceanFake;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gomeet-test-'));
    fake = await startDigitalOceanFake({
      token,
      clusters: [],
      dropletLimit: 500,
      monthToDateUsd: 0,
      infra: { provisionLooks: 0 },
    });
  });
  after(async () => {
    await fake.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const gomeet = (...args: readonly string[]) => gomeetAt(fake.url, ...args);
  async function gomeetAt(url: string, ...args: readonly string[]): Promise<{ code: number; out: string }> {
    const env = { ...process.env, DIGITALOCEAN_TOKEN: token, DIGITALOCEAN_API_URL: url };
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, 'infra', ...args], { env });
      return { code: 0, out: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout + stderr };
    }
  }
  const writes = () => fake.requests.filter(({ method }) => method !== 'GET').length;

  it('plans production with a price on every line, and changes nothing', async () => {
    const { code, out } = await gomeet('plan', '--plan-expansion');

    assert.equal(code, 0, out);
    assert.match(out, /create VPC gomeet-cluster, 10\.100\.0\.0\/16/);
    assert.match(out, /gd-16vcpu-64gb x 3/);
    assert.match(out, /together/);
    assert.match(out, /Room to grow/);
    assert.equal(writes(), 0);
  });

  it('has a flag for each kind of resource, which leaves out exactly its lines, of the plan and of the price', async () => {
    const lines = async (...flags: readonly string[]) => {
      const { plan, cost } = Shown.parse(JSON.parse((await gomeet('plan', '--json', ...flags)).out));
      return [...plan.steps, ...plan.kept, ...plan.problems, ...cost].map((line) => JSON.stringify(line));
    };
    const all = await lines();
    for (const kind of resourceKinds) {
      const own = all.filter((line) => line.includes(`"resource":"${kind}"`));
      assert.ok(own.length >= 2, `${kind}: a line of the plan and one with its price`);
      assert.deepEqual(
        await lines(`--skip-${kind}`),
        all.filter((line) => !own.includes(line)),
        kind,
      );
    }
    const several = await lines('--skip-database', '--skip-redis');
    assert.ok(several.length > 0 && !several.some((line) => /"resource":"(database|redis)"/.test(line)));
  });

  it('makes nothing of what is skipped', async () => {
    const account = await startDigitalOceanFake({ token, clusters: [], dropletLimit: 500, monthToDateUsd: 0 });
    try {
      const kept = new Set(['registry', 'domain', 'vpc']);
      const flags = resourceKinds.filter((kind) => !kept.has(kind)).map((kind) => `--skip-${kind}`);
      const { code, out } = await gomeetAt(account.url, 'apply', '--yes', ...flags);
      assert.equal(code, 0, out);
      const made = account.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
      assert.deepEqual(made.sort(), ['/v2/domains', '/v2/registry', '/v2/vpcs']);
    } finally {
      await account.stop();
    }
  });

  it('says with --plan-expansion how far each pool can grow, what that costs, and what stands in the way', async () => {
    const { expansion } = Shown.parse(JSON.parse((await gomeet('plan', '--plan-expansion', '--json')).out));
    const { pools } = environments.production;
    assert.deepEqual(
      expansion?.growth.map(({ pool, maxNodes, nextMax }) => [pool, maxNodes, nextMax]),
      pools.map(({ name, maxNodes }) => [name, maxNodes, Math.ceil(maxNodes * 1.5)]),
    );
    for (const { maxNodes, nextMax, perNodeMonthly, addedMonthly } of expansion?.growth ?? [])
      assert.equal(addedMonthly, (nextMax - maxNodes) * perNodeMonthly);
    fake.account.dropletLimit = 150;
    const tight = Shown.parse(JSON.parse((await gomeet('plan', '--plan-expansion', '--json')).out));
    fake.account.dropletLimit = 500;
    assert.match(tight.expansion?.notes.join() ?? '', /Ask for a Droplet limit of at least \d+ \(it is 150\)/);
    assert.doesNotMatch(expansion?.notes.join() ?? '', /Droplet limit/);
    assert.equal(Shown.parse(JSON.parse((await gomeet('plan', '--json')).out)).expansion, undefined);
  });

  it('asks before it makes anything, and takes no answer for no', async () => {
    const { code } = await gomeet('apply');

    assert.equal(code, 0);
    assert.equal(writes(), 0);
  });

  it('makes it with --yes, and then writes a kubeconfig that only its owner can read', async () => {
    fake.account.clusters.push({
      id: 'bd5f5959-5e1e-4205-a714-a914373942af',
      name: 'elsewhere',
      region: 'nyc1',
      tags: [],
      node_pools: [],
    });
    const { code, out } = await gomeet('apply', '--yes');
    assert.equal(code, 0, out);
    assert.equal(fake.account.clusters.length, 2);
    const path = join(folder, 'kube', 'config');

    const written = await gomeet('kubeconfig', '--out', path);

    assert.equal(written.code, 0, written.out);
    assert.match(await readFile(path, 'utf8'), /kind: Config/);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.doesNotMatch(written.out, /kind: Config/);
  });

  it('needs no folder that is made first and leaves none: on a clean machine no log, no DSN, no file is written', async () => {
    const clean = await mkdtemp(join(folder, 'clean-'));
    const env = { PATH: process.env['PATH'], HOME: clean, TMPDIR: clean, DIGITALOCEAN_TOKEN: token };
    for (const verb of [['plan'], ['apply', '--yes']]) {
      const { stdout } = await promisify(execFile)(process.execPath, [main, 'infra', ...verb], {
        cwd: clean,
        env: { ...env, DIGITALOCEAN_API_URL: fake.url },
      });
      assert.doesNotMatch(stdout, /\w+:\/\/[^/\s]+:[^/\s]+@/);
    }
    assert.deepEqual(await readdir(clean), []);
  });

  it('says what its token must be able to do where there is none, not what the responder needs', async () => {
    const env = { PATH: process.env['PATH'], HOME: folder };
    const failed = await promisify(execFile)(process.execPath, [main, 'infra', 'plan'], { env }).catch(
      (error: unknown) => error,
    );

    assert.ok(failed instanceof Error && 'stderr' in failed && 'code' in failed);
    assert.equal(failed.code, 2);
    assert.match(String(failed.stderr), /DIGITALOCEAN_TOKEN is not set: read scopes suffice for plan/);
  });

  it('names the nearest environment, and what there is', async () => {
    const { code, out } = await gomeet('plan', '--environment', 'prodction');

    assert.equal(code, 2);
    assert.match(out, /did you mean production\?/);
  });

  it('says what is wrong with the account, and changes nothing', async () => {
    fake.account.dropletLimit = 10;
    const before = writes();

    const { code, out } = await gomeet('apply', '--yes');

    assert.equal(code, 1);
    assert.match(out, /the account may have 10/);
    assert.equal(writes(), before);
  });
});
