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

  it('starts what its dry run shows, and nothing in the dry run', async () => {
    const args = ['push', '--services', 'auth-service', '--tag', 'v1.2.3'];
    const rehearsed = await gomeet('', ...args, '--dry-run');
    assert.deepEqual(await started(), []);

    const { code, out } = await gomeet('', ...args);

    assert.equal(code, 0, out);
    const builds = (await started()).filter((line) => line.startsWith('buildx build'));
    assert.equal(builds.length, 1);
    assert.ok(rehearsed.out.includes(`docker ${builds[0]}`), rehearsed.out);
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
