import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compares a value with test/golden/NAME as JSON that people review; UPDATE_GOLDEN=1 writes it instead. */
export function assertGolden(name: string, value: unknown): void {
  const path = fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  assert.equal(text, readFileSync(path, 'utf8'));
}
