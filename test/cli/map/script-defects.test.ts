import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const Caught = z.tuple([z.string(), z.string(), z.string()]);
const Impossible = z.tuple([z.string(), z.object({ impossible: z.string().min(20) }).strict()]);
const defects = z
  .record(z.string(), z.array(z.union([Caught, Impossible])))
  .parse(parse(readFileSync(new URL('./script-defects.yaml', import.meta.url), 'utf8')));

/** Whether a file has that title as a word of its own, in whatever quotes. */
function holds(source: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`));
}

describe('the defects of the original scripts', () => {
  it('are told of every script of the survey', () => {
    assert.deepEqual(Object.keys(defects), [
      'all scripts',
      'master-deploy',
      'setup-infrastructure',
      'build-images',
      'scale-services',
      'backup-restore',
      'rolling-update',
      'health-check',
      'cost-monitor',
      'setup-secrets',
      'cleanup',
      'monitoring and deploy',
    ]);
    assert.ok(Object.values(defects).flat().length >= 80);
  });

  for (const [script, rows] of Object.entries(defects))
    it(`of ${script}: each has a test that is there, word for word`, () => {
      for (const [was, where, title] of rows) {
        if (typeof where !== 'string') continue;
        assert.ok(existsSync(`${root}${where}`), `${was}: there is no ${where}`);
        assert.ok(holds(readFileSync(`${root}${where}`, 'utf8'), title ?? ''), `${was}: ${where} has no "${title}"`);
      }
      assert.equal(new Set(rows.map(([was]) => was)).size, rows.length);
    });

  it('would be missed with a title that is only a part of one', () => {
    assert.ok(holds("it('goes back', () => {})", 'goes back'));
    assert.ok(!holds("it('goes back by itself', () => {})", 'goes back'));
  });
});
