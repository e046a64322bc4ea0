import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultLabels } from '../../alerts/result-labels.ts';

const known = new Map(
  Object.entries({ a: ['x', 'y', 'le'], b: ['x', 'z'] }).map(([name, labels]) => [
    name,
    { counter: false, labels: new Set(labels) },
  ]),
);

/** Expression, and the labels that its answer may have. */
const cases: Readonly<Record<string, readonly string[]>> = {
  'a{x="1"}': ['x', 'y', 'le'],
  'sum(a)': [],
  'sum by (x) (rate(a[5m]))': ['x'],
  'sum(a) by (x, y)': ['x', 'y'],
  'sum without (le) (a)': ['x', 'y'],
  'topk(10, max by (y) (a))': ['y'],
  'histogram_quantile(0.95, sum by (le, y) (rate(a[5m])))': ['y'],
  '1 - a / 2': ['x', 'y', 'le'],
  '(sum by (x) (a) or vector(0)) > 0': ['x'],
  'sum by (x) (a) or b': ['x', 'z'],
  'a and on (x) b': ['x', 'y', 'le'],
  'a / on (x) b': ['x'],
  'a * on (x) group_left (z) b': ['x', 'y', 'le', 'z'],
  'a * on (x) group_right (y) b': ['x', 'z', 'y'],
  'a / ignoring (le, y) b': ['x'],
  'label_replace(sum by (x) (a), "w", "$1", "x", "(.+)")': ['x', 'w'],
  'max_over_time(b[1h] offset 5m)': ['x', 'z'],
  'time() - max(a)': [],
  unknown: [],
};

for (const [expr, labels] of Object.entries(cases))
  test(`the answer of ${expr} has the labels ${labels.join(', ') || 'of none'}`, () => {
    assert.deepEqual([...resultLabels(expr, known)].sort(), [...labels].sort());
  });
