import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'gomeet-secrets-'));
after(() => rm(folder, { recursive: true }));

/** What `npm run secrets` says of one file with that text. */
async function scanned(name: string, text: string): Promise<{ readonly code: number; readonly said: string }> {
  const file = join(folder, name);
  await writeFile(file, text);
  const scanner = join(root, 'node_modules/secretlint/bin/secretlint.js');
  const config = join(root, '.secretlintrc.json');
  return await new Promise((resolve) => {
    execFile(
      process.execPath,
      [scanner, '--maskSecrets', '--secretlintrc', config, file],
      { cwd: root },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr }),
    );
  });
}

// In two parts each, so that this file itself holds none.
const planted: Readonly<Record<string, string>> = {
  'a Slack token': `token: ${'xoxb'}-901234567890-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx`,
  'a private key': generateKeyPairSync('rsa', { modulusLength: 2_048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString(),
  'a database address': `url: ${'postgres'}://app:S3cretOfProduction@db.internal:25060/gomeet`,
  'a Slack webhook': `https://hooks.slack.com/${'services'}/T01234567/B01234567/abcdefghijklmnopqrstuvwx`,
  'a GitHub token': `${'ghp'}_${'a1B2'.repeat(9)}`,
};

for (const [what, text] of Object.entries(planted))
  test(`the scanner finds ${what} and does not repeat it`, async () => {
    const { code, said } = await scanned('planted.yaml', text);
    assert.equal(code, 1, said);
    assert.ok(!said.includes(text.slice(-40, -24)), said);
  });

test('a template without values passes', async () => {
  assert.equal((await scanned('clean.yaml', 'stringData:\n  JWT_SECRET: ""\n  DO_POSTGRES_PASSWORD: ""\n')).code, 0);
});
