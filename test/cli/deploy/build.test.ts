import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { alerts } from '../../../alerts/index.ts';
import { compareFiles } from '../../../cli/deploy/build.ts';
import { generatedFiles } from '../../../cli/deploy/generated-files.ts';
import { pictureFiles } from '../../../cli/deploy/pictures.ts';

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

const committed = fileURLToPath(new URL('../../../generated', import.meta.url));
/** Each drawn anew, whatever stamp a file bears. */
const pictures = await pictureFiles();

test('what is committed under generated/ is what the build writes, and its pictures are what is drawn', () => {
  assert.deepEqual(compareFiles(committed, [...generatedFiles(), ...pictures]), []);
});

test('every alert has its picture on its page, small, with its name, its threshold and where it fires', () => {
  assert.deepEqual(pictures.map(({ path }) => path).sort(), alerts.map(({ name }) => `runbooks/${name}.svg`).sort());
  for (const { path, content } of pictures) {
    assert.ok(content.length < 10_000, path);
    assert.match(content, />threshold [^<]+</, path);
    assert.match(content, />fired</, path);
  }
  for (const { path, content } of generatedFiles())
    for (const [, shown] of content.matchAll(/^!\[[^\]]+\]\((\w+\.svg)\)$/gm))
      assert.equal(path, `runbooks/${shown?.replace('.svg', '.md')}`);
});

test('a build keeps a picture that bears the stamps of its chart and of its content, and draws one that does not', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'gomeet-pictures-'));
  try {
    await mkdir(join(elsewhere, 'runbooks'));
    const [good, edited, old] = pictures;
    assert.ok(good && edited && old);
    await writeFile(join(elsewhere, good.path), good.content);
    await writeFile(join(elsewhere, edited.path), edited.content.replace('threshold', 'treshold'));
    await writeFile(join(elsewhere, old.path), old.content.replace(/chart [0-9a-f]{4}/, 'chart 0000'));
    const kept = await pictureFiles([elsewhere]);
    assert.deepEqual(
      kept
        .filter(({ path, content }) => pictures.find((one) => one.path === path)?.content !== content)
        .map(({ path }) => path),
      [],
    );
    assert.equal(kept.length, pictures.length);
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

test('a check draws every picture anew: one edited by hand is found even with its stamp made right', async () => {
  await run('build', '--out', folder);
  const path = join(folder, 'runbooks/SfuSaturated.svg');
  const [svg = '', mark = ''] = (await readFile(path, 'utf8')).split(/\n(?=<!--)/);
  const forged = svg.replace('threshold 85%', 'threshold 95%');
  assert.notEqual(forged, svg);
  const stamp = createHash('sha256').update(forged).digest('hex').slice(0, 16);
  await writeFile(path, `${forged}\n${mark.replace(/as [0-9a-f]+/, `as ${stamp}`)}`);
  const checked = await run('build', '--check', '--out', folder);
  assert.deepEqual([checked.code, checked.stderr.split('\n')[0]], [1, 'runbooks/SfuSaturated.svg: differs']);
  await unlink(path);
});

test('a build into an empty folder writes every file, and a check of it then finds nothing', async () => {
  const built = await run('build', '--out', folder);
  assert.equal(built.code, 0, built.stderr);
  assert.equal((await readdir(join(folder, 'runbooks'))).length, 2 * alerts.length + 1);
  assert.deepEqual(
    [(await run('build', '--check', '--out', folder)).code, compareFiles(folder, [...generatedFiles(), ...pictures])],
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
      'Edited by hand, or older than its source: change what it is made from, then run gomeet build.',
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
