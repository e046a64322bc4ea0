import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const rooms = [
  'alerts',
  'cli',
  'dashboards',
  'deploy',
  'exporters',
  'kernel',
  'manifests',
  'model',
  'reports',
  'responders',
];
const files = globSync(
  rooms.map((room) => `${room}/**/*.{ts,mjs}`),
  { cwd: root },
);
/** What starts programs; each gets its arguments as a list. */
const starters = files.filter((path) => readFileSync(`${root}${path}`, 'utf8').includes('node:child_process'));
const shell = /\bshell: |\bimport \{[^}]*\bexec(Sync)?\b[^}]*\} from 'node:child_process'/;

describe('the product and the shell', () => {
  it('starts no shell on the machine of its user, so that no text becomes a command, a redirection or a file name', () => {
    assert.ok(files.length > 300 && starters.length > 0);
    assert.deepEqual(
      starters.filter((path) => shell.test(readFileSync(`${root}${path}`, 'utf8'))),
      [],
    );
    assert.deepEqual(
      globSync(
        rooms.map((room) => `${room}/**/*.{sh,bash}`),
        { cwd: root },
      ),
      [],
    );
  });

  it('would be seen to', () => {
    assert.match("import { exec } from 'node:child_process';", shell);
    assert.match("spawn('ls', [], { shell: true })", shell);
    assert.doesNotMatch("import { execFile } from 'node:child_process';", shell);
  });
});
