import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriesIn } from '../../alerts/promql.ts';
import { allQueries } from './all.ts';
import { presenceForms } from './presence.ts';

test('a comparison answers 0 or 1 instead of nothing', () => {
  assert.deepEqual(presenceForms('a > 5'), ['a > bool 5']);
  assert.deepEqual(presenceForms('a / (b > 0) <= 1'), ['a / (b > bool 0) <= bool 1']);
  assert.deepEqual(presenceForms('a > bool 5'), ['a > bool 5']);
});

test('what unless and absent look for is asked for itself', () => {
  assert.deepEqual(presenceForms('a > 5 unless on (x) b'), ['a > bool 5']);
  assert.deepEqual(presenceForms('absent(up{job="x"}) == 1'), ['(up{job="x"}) == bool 1']);
  assert.deepEqual(presenceForms('absent_over_time(a[5m])'), ['present_over_time(a[5m])']);
});

test('every branch of an or is asked for; a zero that is always there is none', () => {
  assert.deepEqual(presenceForms('a or b > 1 or c'), ['a', 'b > bool 1', 'c']);
  assert.deepEqual(presenceForms('sum(a or b)'), ['sum(a)', 'sum(b)']);
  assert.deepEqual(presenceForms('(sum(rate(a[5m])) or vector(0)) / sum(rate(b[5m]))'), [
    '(sum(rate(a[5m]))) / sum(rate(b[5m]))',
  ]);
});

test('last week is asked for now', () => {
  assert.deepEqual(presenceForms('a / a offset 7d > 1.25'), ['a / a > bool 1.25']);
});

test('every form of every query parses', () => {
  for (const { at, expr } of allQueries)
    for (const form of presenceForms(expr)) {
      assert.doesNotThrow(() => seriesIn(form), `${at}: ${form}`);
    }
});
