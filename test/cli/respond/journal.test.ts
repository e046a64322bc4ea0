import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openDatabase } from '../../../responders/store/database.ts';
import { append, readJournal } from '../../../responders/store/journal.ts';
import { migrate } from '../../../responders/store/migrations.ts';
import { testDatabase } from '../../support/database.ts';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
const Line = z.object({ id: z.string(), kind: z.string(), subject: z.string(), text: z.string() });
/** Two whole pages of the export and a part of a third. */
const written = 2_345;
let url: string;

before(async () => {
  url = await testDatabase();
  const database = openDatabase(url, { max: 1 });
  await migrate(database);
  const entries = Array.from({ length: written }, (_none, at) => ({
    kind: 'status' as const,
    subject: at % 2 === 0 ? 'console:ana' : 'console:anatol',
    text: `line ${at}`,
  }));
  await append(database, entries);
  await database.close();
});

function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', DATABASE_URL: url };
  return new Promise((resolve) => {
    execFile(process.execPath, [gomeet, 'journal', ...args], { env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}
const lines = (stdout: string) =>
  stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => Line.parse(JSON.parse(text)));
async function subjects(): Promise<ReadonlyMap<string, number>> {
  const database = openDatabase(url, { max: 1 });
  const all = await readJournal(database, { limit: written + 1 });
  await database.close();
  return new Map([...Map.groupBy(all, ({ subject }) => subject)].map(([subject, some]) => [subject, some.length]));
}

describe('exporting the journal', () => {
  it('pages through everything, in order, each line once', async () => {
    const { code, stdout, stderr } = await run('export');
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      lines(stdout).map(({ text }) => text),
      Array.from({ length: written }, (_none, at) => `line ${at}`),
    );
  });

  it('goes on after an entry that is named, and prints nothing after the last', async () => {
    const all = lines((await run('export')).stdout);
    const { stdout } = await run('export', '--after', all.at(-4)?.id ?? '');
    assert.deepEqual(lines(stdout), all.slice(-3));
    assert.equal((await run('export', '--after', all.at(-1)?.id ?? '')).stdout, '');
  });

  it('refuses what is not the number of an entry', async () => {
    for (const after of ['x', '1; drop table journal', '-1', '1'.repeat(19)]) {
      const { code, stdout, stderr } = await run('export', `--after=${after}`);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /want the number of an entry/);
    }
  });
});

describe('erasing a person', () => {
  it('needs --yes, and changes nothing without', async () => {
    const before = await subjects();
    const { code, stderr } = await run('erase', 'console:ana');
    assert.equal(code, 2);
    assert.match(stderr, /cannot be taken back: --yes/);
    assert.deepEqual(await subjects(), before);
  });

  it('refuses what is not a person, even with --yes', async () => {
    const before = await subjects();
    for (const subject of ['responder', 'alertmanager'])
      assert.match((await run('erase', subject, '--yes')).stderr, /is not a person/);
    assert.deepEqual(await subjects(), before);
  });

  it('with --yes takes that person out everywhere, and nobody whose name only begins so', async () => {
    const { code, stdout } = await run('erase', 'console:ana', '--yes');
    assert.deepEqual([code, stdout.trim()], [0, '1173 rows changed']);
    assert.deepEqual(
      await subjects(),
      new Map([
        ['erased', 1_173],
        ['console:anatol', 1_172],
      ]),
    );
  });
});
