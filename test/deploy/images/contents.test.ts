import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { workloads } from '../../../manifests/catalogue/index.ts';
import { bundleImage } from '../../../manifests/catalogue/parts.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const Lock = z.looseObject({ packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })) });

/** No engine builds the image here: what it would hold is laid out in a folder, what tests alone need is left out, and its programs are started from there. */
describe('what the Dockerfile copies', () => {
  let app: string;
  before(async () => {
    app = await mkdtemp(join(tmpdir(), 'gomeet-test-'));
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
    for (const [, name = ''] of dockerfile.matchAll(/^COPY (?!--from)(\S+) \.\/\1?$/gm))
      await cp(join(root, name), join(app, name), { recursive: true });
    const { packages } = Lock.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
    const installed = Object.entries(packages).filter(
      ([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && dev !== true,
    );
    for (const [path] of installed) {
      await mkdir(dirname(join(app, path)), { recursive: true });
      await symlink(join(root, path), join(app, path));
    }
  });
  after(() => rm(app, { recursive: true, force: true }));

  const gomeet = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, ['cli/gomeet.mjs', ...args], { cwd: app });

  it('is enough for the program of every workload that runs it', async () => {
    const programs = workloads.filter(({ image }) => image === bundleImage).map(({ args = [] }) => args);
    assert.ok(programs.length >= 4);
    for (const args of programs) {
      const words = args.filter((word) => /^[a-z]+$/.test(word));
      assert.match((await gomeet(...words, '--help')).stdout, new RegExp(`Usage: gomeet ${words.join(' ')}`));
    }
  });

  it('holds every package and every file that its own files import, but for the lab', async () => {
    const files = (await readdir(app, { recursive: true })).filter(
      (file) => file.endsWith('.ts') && !file.startsWith('node_modules') && !file.startsWith(join('cli', 'lab')),
    );
    assert.ok(files.length > 400, `${files.length}`);
    const missing: string[] = [];
    for (const file of files)
      for (const [, wanted = ''] of (await readFile(join(app, file), 'utf8')).matchAll(
        /(?:^(?:import|export) [^;]*?from |^import |await import\()'([^']+)'/gm,
      )) {
        if (wanted.startsWith('node:')) continue;
        const path = wanted.startsWith('.')
          ? join(app, dirname(file), wanted)
          : join(app, 'node_modules', ...wanted.split('/').slice(0, wanted.startsWith('@') ? 2 : 1));
        if (!existsSync(path)) missing.push(`${file}: ${wanted}`);
      }
    assert.deepEqual(missing, []);
  });
});
