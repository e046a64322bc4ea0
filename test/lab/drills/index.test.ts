import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { drills } from '../../../lab/drills/index.ts';
import { drillNamed } from '../../../lab/drills/play.ts';

describe('the drills', () => {
  it('have each a file of their own name, and a test', () => {
    const frame = new Set(['define.ts', 'index.ts', 'play.ts', 'run.ts', 'stage.ts', 'troubleshooting.ts']);
    const files = readdirSync(new URL('../../../lab/drills/', import.meta.url)).filter((name) => !frame.has(name));
    const tests = readdirSync(new URL('./', import.meta.url)).filter((name) => name.endsWith('.real.test.ts'));

    assert.deepEqual(files.sort(), drills.map(({ name }) => `${name}.ts`).sort());
    assert.deepEqual(tests.sort(), drills.map(({ name }) => `${name}.real.test.ts`).sort());
  });

  it('refuses a name that is none, and lists those that are', () => {
    assert.throws(() => drillNamed('no-such-drill'), /no drill no-such-drill; there are sfu-saturation, /);
  });
});
