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

test('most examples begin calm; those that cannot have a signal that is there or not there', () => {
  const flat = alerts.filter(({ name }) => {
    const values = examples[name]?.series.flatMap((line) => line.values.filter((value) => value !== null)) ?? [];
    return new Set(values).size < 2;
  });
  assert.deepEqual(
    flat.filter(({ response }) => response.signal.unit !== 'count').map(({ name }) => name),
    [],
  );
});
