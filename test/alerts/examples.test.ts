import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examples } from '../../alerts/examples.ts';
import { alerts } from '../../alerts/index.ts';

test('every alert has an example, and nothing else has one', () => {
  assert.deepEqual(Object.keys(examples).sort(), alerts.map(({ name }) => name).sort());
});

test('the signal of an alert is at its threshold or beyond when the alert fires: what the thread and the page draw is what it is about', () => {
  for (const { name, response } of alerts) {
    const { threshold, direction } = response.signal;
    const { series = [], firesAtSeconds = 0, stepSeconds = 1 } = examples[name] ?? {};
    const then = series.flatMap(({ values }) => values[firesAtSeconds / stepSeconds] ?? []);
    assert.ok(
      then.some((value) => (direction === 'above' ? value >= threshold : value <= threshold)),
      `${name}: ${then.join(' ')} is not ${direction} ${threshold}`,
    );
  }
});

/** Signals that are as they are from the start: what has never been, and what always fires. */
const neverCalm = ['BackupNeverSucceeded', 'Watchdog'];

test('a picture tells how it came about: the line changes, or begins where there was nothing to count', () => {
  const flat = alerts.filter(({ name }) => {
    const { series = [] } = examples[name] ?? {};
    const changes = series.some(({ values }) => new Set(values.filter((value) => value !== null)).size > 1);
    return !changes && series.some(({ values }) => values[0] !== null);
  });
  assert.deepEqual(flat.map(({ name }) => name).sort(), neverCalm);
});
