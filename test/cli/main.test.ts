import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };

const run = (path: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(path, import.meta.url)), ...args], { encoding: 'utf8' });

test('says its version', () => {
  const { stdout, status } = run('../../cli/main.ts', '--version');

  assert.deepEqual([stdout, status], [`${packageJson.version}\n`, 0]);
});

test('lists the commands by room', () => {
  const { stdout } = run('../../cli/main.ts', '--help');

  const groups = stdout.split('\n\n').map((group) => group.split('\n'));
  const roomOf = (command: string) =>
    groups.find((lines) => lines.some((line) => line.startsWith(`  ${command} `)))?.[0];
  assert.deepEqual(['incident', 'health', 'backup', 'cost', 'deploy', 'demo'].map(roomOf), [
    'Respond:',
    'Operate:',
    'Recover:',
    'Money and capacity:',
    'Deploy:',
    'Try it:',
  ]);
});

test('a test run that would test nothing fails, and says so', () => {
  const { stderr, status } = run('../run.ts', 'no-such-test');

  assert.equal(status, 2);
  assert.match(stderr, /No test file's path holds "no-such-test"/);
});
