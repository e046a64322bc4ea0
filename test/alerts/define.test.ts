import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimits, defineAlert, stepsFor } from '../../alerts/define.ts';
import { alerts } from '../../alerts/index.ts';
import { duration } from '../../kernel/duration.ts';

const [sample] = alerts;
assert.ok(sample);
const { limits: _, ...parts } = sample;

test('limits that an alert does not set are the default ones', () => {
  assert.deepEqual(defineAlert(parts).limits, defaultLimits);
  assert.deepEqual(defineAlert({ ...parts, limits: { cooldown: duration('1m') } }).limits, {
    ...defaultLimits,
    cooldown: '1m',
  });
});

test('a step is left out for the services that it excepts, and for no other', () => {
  const step = {
    say: 'restart',
    action: 'restartWorkload',
    params: {},
    approval: 'none',
    exceptServices: ['livekit-sfu'],
  } as const;
  const alert = defineAlert({ ...parts, runbook: { ...parts.runbook, mitigation: [step] } });
  assert.deepEqual(stepsFor(alert, { service: 'livekit-sfu' }), []);
  assert.deepEqual(stepsFor(alert, { service: 'auth-service' }), [step]);
  assert.deepEqual(stepsFor(alert, {}), [step]);
});
