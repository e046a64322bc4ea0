import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

test('every decision has a number of its own, which its title bears too', () => {
  const folder = new URL('../../docs/adr/', import.meta.url);
  const files = readdirSync(folder);
  const numbers = files.map((file) => Number(file.slice(0, 4)));

  assert.deepEqual(
    numbers,
    files.map((_file, index) => index + 1),
  );
  for (const file of files)
    assert.ok(readFileSync(new URL(file, folder), 'utf8').startsWith(`# ${Number(file.slice(0, 4))}. `), file);
});
