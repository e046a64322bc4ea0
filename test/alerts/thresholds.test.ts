import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alerts } from '../../alerts/index.ts';
import { runbookPage } from '../../alerts/runbook-page.ts';
import { alertsOf } from '../../alerts/thresholds.ts';
import { UsageError } from '../../kernel/errors.ts';
import { environments } from '../../manifests/environments/index.ts';

const moved = (name: string, value: number) =>
  alertsOf({ name: 'starter', thresholds: { [name]: { value, why: 'a test' } } });
const refusal = (name: string, value: number) => {
  try {
    moved(name, value);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return undefined;
};

test('a threshold moves in rule, signal and page, and in nothing else', () => {
  const after = moved('NodeCpuHigh', 0.7);
  const cpu = after.find(({ name }) => name === 'NodeCpuHigh');
  assert.match(cpu?.expr ?? '', / > 0\.7$/);
  assert.equal(cpu?.response.signal.threshold, 0.7);
  assert.match(cpu === undefined ? '' : runbookPage(cpu), /more than 70 % of its CPU/);
  assert.deepEqual(
    after.filter((alert) => !alerts.includes(alert)).map(({ name }) => name),
    ['NodeCpuHigh'],
  );
});

test('without a threshold of its own an environment has the alerts as they stand', () => {
  assert.deepEqual(alertsOf(environments.production), alerts);
});

test('a value outside the range is refused with the range, and its ends are not', () => {
  assert.match(
    refusal('NodeCpuHigh', 0.99) ?? '',
    /manifests\/environments\/starter\.ts: thresholds\.NodeCpuHigh: 0\.99 is outside the range from 0\.6 to 0\.98/,
  );
  assert.match(refusal('NodeCpuHigh', Number.NaN) ?? '', /outside the range/);
  assert.equal(refusal('NodeCpuHigh', 0.6), undefined);
  assert.equal(refusal('NodeCpuHigh', 0.98), undefined);
});

test('an alert that is not there is refused with the nearest name, one with a fixed threshold with those that move', () => {
  assert.match(refusal('NodeCpuHihg', 0.8) ?? '', /no such alert; did you mean NodeCpuHigh\?/);
  assert.match(refusal('Watchdog', 1) ?? '', /is fixed; those that can be moved are .*NodeCpuHigh/);
});

test('the range of every alert holds its own threshold, and the thresholds of every environment are in range', () => {
  for (const { name, tuning } of alerts)
    if (tuning !== undefined) assert.ok(tuning.range[0] < tuning.threshold && tuning.threshold < tuning.range[1], name);
  for (const environment of Object.values(environments)) alertsOf(environment);
});
