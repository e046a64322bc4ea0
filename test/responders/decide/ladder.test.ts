import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Alert, Mitigation } from '../../../alerts/define.ts';
import { duration } from '../../../kernel/duration.ts';
import { nextRung } from '../../../responders/decide/ladder.ts';
import type { Run, RunState } from '../../../responders/records.ts';
import { alertWith } from '../../support/rig.ts';
import { nowMs, pastRun } from '../../support/situation.ts';

const base = alertWith('SfuHeadroomLow', {});
/** Of these chat-service never sees the first. */
const mitigation: readonly Mitigation[] = [
  { say: '', action: 'restartWorkload', params: {}, approval: 'none', exceptServices: ['chat-service'] },
  { say: '', action: 'scaleSfu', params: { step: 1 }, approval: 'none' },
  { say: '', action: 'escalate', params: {}, approval: 'none' },
];
const alert: Alert = {
  ...base,
  limits: { ...base.limits, cooldown: duration('10m') },
  runbook: { ...base.runbook, mitigation },
};
const tried = (step: number | undefined, state: RunState, agoMs = 0): Run =>
  pastRun({
    id: `run-${step}-${state}`,
    step,
    state,
    finishedAtMs: ['proposed', 'intended', 'verifying'].includes(state) ? undefined : nowMs - agoMs,
  });
const steps = (runs: readonly Run[], labels: Readonly<Record<string, string>> = {}) => {
  const rung = nextRung(alert, labels, runs, nowMs);
  return rung.kind === 'steps' ? rung.steps.map(({ mitigation }) => mitigation.action) : rung.kind;
};

describe('which step comes next', () => {
  it('all in their order before anything was tried', () => {
    assert.deepEqual(steps([]), ['restartWorkload', 'scaleSfu', 'escalate']);
  });

  it('leaves a step out for the services that must never see it', () => {
    assert.deepEqual(steps([], { service: 'chat-service' }), ['scaleSfu', 'escalate']);
    assert.deepEqual(steps([], { service: 'auth-service' }), ['restartWorkload', 'scaleSfu', 'escalate']);
  });

  it('counts the tried ones by the steps that this service sees', () => {
    assert.deepEqual(steps([tried(0, 'not-improved')], { service: 'chat-service' }), ['escalate']);
  });

  for (const state of ['not-improved', 'unknown', 'failed', 'denied', 'expired'] as const)
    it(`the next follows at once on one that ended as ${state}`, () => {
      assert.deepEqual(steps([tried(0, state)]), ['scaleSfu', 'escalate']);
    });

  it('one that was passed over is come back to, also after a later one', () => {
    assert.deepEqual(steps([tried(1, 'not-improved')]), ['restartWorkload', 'escalate']);
  });

  it('one that was abandoned at its last look is tried again', () => {
    assert.deepEqual(steps([tried(0, 'abandoned')]), ['restartWorkload', 'scaleSfu', 'escalate']);
  });

  it('what a person asked for is not a step of the runbook', () => {
    assert.deepEqual(steps([tried(undefined, 'verified')]), ['restartWorkload', 'scaleSfu', 'escalate']);
  });
});

describe('when nothing is next', () => {
  for (const state of ['proposed', 'intended', 'verifying'] as const)
    it(`waits for one that is ${state}`, () => {
      assert.deepEqual(nextRung(alert, {}, [tried(0, state)], nowMs), { kind: 'wait', forMs: undefined });
    });

  it('gives a step that helped the time of the cooldown, and goes on at its end', () => {
    assert.deepEqual(nextRung(alert, {}, [tried(0, 'verified', 60_000)], nowMs), { kind: 'wait', forMs: 540_000 });
    assert.deepEqual(nextRung(alert, {}, [tried(0, 'verified', 599_999)], nowMs), { kind: 'wait', forMs: 1 });
    assert.deepEqual(steps([tried(0, 'verified', 600_000)]), ['scaleSfu', 'escalate']);
  });

  it('an older one that helped holds nothing up when the newest did not', () => {
    assert.deepEqual(steps([tried(0, 'verified', 60_000), tried(1, 'not-improved')]), ['escalate']);
  });

  it('is exhausted when every step was tried, and a person has to look', () => {
    const all = [tried(0, 'not-improved'), tried(1, 'failed'), tried(2, 'unknown')];
    assert.equal(steps(all), 'exhausted');
    assert.equal(steps(all.slice(0, 2), { service: 'chat-service' }), 'exhausted');
  });

  it('a last step that helped is given its time before that is said', () => {
    const all = [tried(0, 'not-improved'), tried(1, 'failed'), tried(2, 'verified', 1_000)];
    assert.equal(steps(all), 'wait');
  });
});
