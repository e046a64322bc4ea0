import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commandsFor, type ImageRequest, ownImages } from '../../../deploy/images/plan.ts';
import { buildImages } from '../../../deploy/images/run.ts';

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const images = ownImages('services', '.');
const request: ImageRequest = { verb: 'push', images, tag: 'v1.2.3', updateBaseImages: false, scanner: undefined };
const names = images.map(({ service }) => service);
const argsOf = (change: Partial<ImageRequest>) =>
  commandsFor(images[0] ?? assert.fail(), { ...request, ...change }).flatMap(({ args }) => args);

describe('the images that we build', () => {
  it('are those of the catalogue under our registry without a tag of their own, each once', () => {
    assert.deepEqual(images.map(({ service }) => service).sort(), [
      'auth-service',
      'chat-service',
      'frontend',
      'gomeet-sre',
      'meeting-service',
      'signaling-service',
      'turn-service',
    ]);
    assert.equal(images.find(({ service }) => service === 'gomeet-sre')?.context, '.');
  });

  it('are built for both architectures, from and into the cache, and pushed only when asked', () => {
    const push = argsOf({}).join(' ');
    assert.match(push, /--platform linux\/amd64,linux\/arm64/);
    assert.match(
      push,
      /--cache-from type=registry,ref=\S+:buildcache --cache-to type=registry,ref=\S+:buildcache,mode=max/,
    );
    assert.match(push, /--push/);
    const build = argsOf({ verb: 'build' }).join(' ');
    assert.doesNotMatch(build, /--push|--cache-to/);
    assert.match(build, /--output type=cacheonly/);
  });

  it('take new base images when asked, and are scanned where there is a scanner', () => {
    assert.ok(argsOf({ updateBaseImages: true }).includes('--pull'));
    assert.ok(!argsOf({}).includes('--pull'));
    assert.deepEqual(
      commandsFor(images[0] ?? assert.fail(), { ...request, scanner: 'trivy' }).map(({ program }) => program),
      ['docker', 'trivy'],
    );
  });

  it('are never more at a time than allowed; one that fails does not stop the others', async () => {
    let now = 0;
    let most = 0;
    const results = await buildImages(
      {
        has: async () => true,
        async run({ args }) {
          if (args.includes('inspect')) return 0;
          now += 1;
          most = Math.max(most, now);
          await new Promise((resolve) => setImmediate(resolve));
          now -= 1;
          return args.some((arg) => arg.includes('chat-service')) ? 1 : 0;
        },
      },
      request,
      2,
      () => undefined,
    );
    assert.equal(most, 2);
    assert.deepEqual(
      results.filter(({ ok }) => !ok).map(({ service }) => service),
      ['chat-service'],
    );
  });
});

describe('gomeet images, with an executable that stands in for docker', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gomeet-test-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  beforeEach(() => writeFile(join(folder, 'log'), ''));

  async function gomeet(script: string, ...args: readonly string[]) {
    await writeFile(join(folder, 'docker'), `#!/bin/sh\nprintf '%s\\n' "$*" >> "${folder}/log"\n${script}\n`);
    await chmod(join(folder, 'docker'), 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
    return await promisify(execFile)(process.execPath, [main, 'images', ...args], { env }).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, out: stdout + stderr }),
    );
  }
  const started = async () => (await readFile(join(folder, 'log'), 'utf8')).split('\n').filter(Boolean);

  for (const [verb, ...flags] of [
    ['build', '--tag', 'v1.2.3'],
    ['build', '--services', 'auth-service,frontend', '--tag', 'v1.2.3', '--update-base-images', '--parallel', '1'],
    ['build', '--services', 'chat-service', '--source', 'elsewhere/services'],
    ['push', '--services', 'auth-service', '--tag', 'v1.2.3'],
    ['push', '--update-base-images'],
  ])
    it(`starts exactly what its dry run shows, and nothing in the dry run: ${verb} ${flags.join(' ')}`, async () => {
      const args = [verb ?? '', ...flags];
      const noBuilder = 'case "$*" in *inspect*) exit 1;; esac';
      const rehearsed = await gomeet(noBuilder, ...args, '--dry-run');
      assert.deepEqual(await started(), []);

      const { code, out } = await gomeet(noBuilder, ...args);

      assert.equal(code, 0, out);
      const shown = rehearsed.out.split('\n').filter((line) => line.startsWith('docker '));
      const ran = (await started()).filter((line) => !line.startsWith('buildx inspect'));
      assert.deepEqual(ran.map((line) => `docker ${line}`).sort(), shown.sort());
      for (const line of ran.filter((one) => one.startsWith('buildx build'))) {
        assert.equal(/ --pull /.test(line), flags.includes('--update-base-images'), line);
        assert.equal(/ --push /.test(line), verb === 'push', line);
        assert.ok(line.includes(flags.includes('--tag') ? ':v1.2.3 ' : ':0.1.0 '), line);
      }
      const services = flags.includes('--services') ? (flags[flags.indexOf('--services') + 1] ?? '').split(',') : names;
      assert.equal(ran.filter((line) => line.startsWith('buildx build')).length, services.length);
      for (const service of services) assert.equal(ran.filter((line) => line.includes(`/${service}:`)).length, 1);
    });

  for (const parallel of ['1', '3'])
    it(`builds no more than --parallel ${parallel} at a time`, async () => {
      // Each run says when it begins and ends; the pause gives others time to begin.
      const script = `case "$*" in *build\\ *) echo begin >> "${folder}/log"; sleep 0.1; echo end >> "${folder}/log";; esac`;
      assert.equal((await gomeet(script, 'build', '--parallel', parallel)).code, 0);

      let [now, most, all] = [0, 0, 0];
      for (const line of await started()) {
        if (line === 'begin') [now, all] = [now + 1, all + 1];
        if (line === 'end') now -= 1;
        most = Math.max(most, now);
      }
      assert.equal(all, names.length);
      assert.ok(most <= Number(parallel), `${most}`);
    });

  it('refuses a number of builds at a time that is none', async () => {
    for (const wrong of ['0', '33', 'many', '1.5'])
      assert.match((await gomeet('', 'build', '--parallel', wrong)).out, /want 1 to 32/);
    assert.deepEqual(await started(), []);
  });

  it('makes the builder where it is missing, and never removes it', async () => {
    await gomeet('case "$*" in *inspect*) exit 1;; esac', 'build', '--services', 'frontend');

    const lines = await started();
    assert.ok(lines.some((line) => line.startsWith('buildx create --name gomeet')));
    assert.ok(!lines.some((line) => /\brm\b/.test(line)));
  });

  it('fails with the last lines, secrets cut out', async () => {
    const { code, out } = await gomeet(
      'case "$*" in *build\\ *) echo "password=hunter2hunter2"; echo "no such file"; exit 3;; esac',
      'push',
      '--services',
      'frontend',
    );

    assert.equal(code, 1);
    assert.match(out, /ended with 3\n.*\n\s+no such file/);
    assert.doesNotMatch(out, /hunter2/);
  });

  it('refuses `latest`, and names the nearest service', async () => {
    assert.match((await gomeet('', 'push', '--tag', 'latest')).out, /nobody can say later what ran/);
    assert.match((await gomeet('', 'push', '--services', 'auth-servce')).out, /did you mean auth-service\?/);
    assert.deepEqual(await started(), []);
  });
});
