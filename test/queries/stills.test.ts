import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonOf, stills } from './stills.ts';

test('what was written by hand says why it is not recorded; what was recorded names its version', () => {
  for (const { file, kind } of stills) {
    if (kind === 'synthetic') {
      assert.ok(reasonOf(file).length > 10, file);
    } else assert.match(file, /-\d+\.\d+\.\d+\.prom$/);
  }
});
