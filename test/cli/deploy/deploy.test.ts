import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const token = 'a-token-of-the-test-0123456789';

describe('gomeet deploy, with no cluster to be reached', () => {
  let folder: string;
  let kubeconfig: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gomeet-test-'));
    kubeconfig = join(folder, 'config');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'gomeet-cluster', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'gomeet-cluster', context: { cluster: 'gomeet-cluster', user: 'u' } }],
      'current-context': 'gomeet-cluster',
    };
    await writeFile(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function gomeet(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
    return await promisify(execFile)(process.execPath, [main, ...args], { env: { ...process.env, ...env } }).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, out: stdout + stderr }),
    );
  }

  it('refuses before anything changes, and says what to do', async () => {
    const { code, out } = await gomeet({ KUBECONFIG: kubeconfig }, 'deploy');

    assert.equal(code, 1);
    assert.match(out, /Nothing was changed:/);
    assert.match(out, /cannot be reached/);
    assert.match(out, /make the cluster reachable/);
    assert.ok(!out.includes(token));
  });

  it('says how to get a kubeconfig where there is none', async () => {
    const { code, out } = await gomeet({ KUBECONFIG: join(folder, 'nowhere') }, 'deploy', '--dry-run');

    assert.equal(code, 2);
    assert.match(out, /gomeet infra kubeconfig --environment production/);
  });

  it('offers the nearest name of a phase and of an environment; a fixture is none', async () => {
    assert.match(
      (await gomeet({ KUBECONFIG: kubeconfig }, 'deploy', '--only', 'servces')).out,
      /did you mean services\?/,
    );
    assert.match(
      (await gomeet({ KUBECONFIG: kubeconfig }, 'deploy', '--environment', 'stagin')).out,
      /did you mean staging\?/,
    );
    assert.match(
      (await gomeet({ KUBECONFIG: kubeconfig }, 'deploy', '--environment', 'readme')).out,
      /no environment readme to deploy/,
    );
  });
});
