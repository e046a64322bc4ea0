import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { alerts } from '../../../alerts/index.ts';
import { compareFiles } from '../../../cli/deploy/build.ts';
import { generatedFiles } from '../../../cli/deploy/generated-files.ts';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'gomeet-build-'));
after(() => rm(folder, { recursive: true }));

function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [gomeet, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

test('what is committed under generated/ is what the build writes', () => {
  assert.deepEqual(compareFiles(fileURLToPath(new URL('../../../generated', import.meta.url)), generatedFiles()), []);
});

test('a build into an empty folder writes every file, and a check of it then finds nothing', async () => {
  const built = await run('build', '--out', folder);
  assert.equal(built.code, 0, built.stderr);
  assert.equal((await readdir(join(folder, 'runbooks'))).length, alerts.length + 1);
  assert.deepEqual(
    [(await run('build', '--check', '--out', folder)).code, compareFiles(folder, generatedFiles())],
    [0, []],
  );
});

test('a check exits 1, names every file that differs, and writes nothing', async () => {
  await run('build', '--out', folder);
  await appendFile(join(folder, 'prometheus/rules/gomeet.yaml'), '\n');
  await unlink(join(folder, 'runbooks/Watchdog.md'));
  await writeFile(join(folder, 'runbooks/Forgotten.md'), 'old');
  for (let turn = 0; turn < 2; turn += 1) {
    const checked = await run('build', '--check', '--out', folder);
    assert.equal(checked.code, 1);
    assert.deepEqual(checked.stderr.trim().split('\n').sort(), [
      'prometheus/rules/gomeet.yaml: differs',
      'runbooks/Forgotten.md: left over',
      'runbooks/Watchdog.md: missing',
    ]);
  }
});

test('two builds are alike to the byte, and every YAML file parses', () => {
  const files = generatedFiles();
  assert.deepEqual(generatedFiles(), files);
  for (const { path, content } of files.filter(({ path }) => path.endsWith('.yaml')))
    for (const document of parseAllDocuments(content))
      assert.ok('toJS' in document && document.errors.length === 0 && document.toJS(), path);
  assert.equal(new Set(files.map(({ path }) => path)).size, files.length);
});

test('the address of the pages can be told, and nonsense is refused with exit code 2', async () => {
  const rules = generatedFiles({ runbookBaseUrl: 'https://example.org/r' }).find(({ path }) =>
    path.endsWith('gomeet.yaml'),
  );
  assert.match(rules?.content ?? '', /runbook_url: https:\/\/example\.org\/r\/SfuSaturated/);
  const refused = await run('build', '--out', join(folder, 'nothing'), '--runbooks', 'nonsense');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--runbooks: not a URL/);
  await assert.rejects(readdir(join(folder, 'nothing')));
});
