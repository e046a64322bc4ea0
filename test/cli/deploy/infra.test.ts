import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type DigitalOceanFake, startDigitalOceanFake } from '../../../lab/fakes/digitalocean.ts';

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

  async function gomeet(...args: readonly string[]): Promise<{ code: number; out: string }> {
    const env = { ...process.env, DIGITALOCEAN_TOKEN: token, DIGITALOCEAN_API_URL: fake.url };
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

  it('leaves out what is skipped', async () => {
    const { out } = await gomeet('plan', '--skip-database', '--skip-redis', '--json');

    const { plan } = JSON.parse(out) as { plan: { steps: { resource: string }[] } };
    assert.ok(!plan.steps.some(({ resource }) => resource === 'database' || resource === 'redis'));
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
