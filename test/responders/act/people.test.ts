import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { escalate, openIncident } from '../../../responders/act/people.ts';
import { actRig } from '../../support/act-ports.ts';
import { nowMs, pastRun, situationOf } from '../../support/situation.ts';

const { scene } = situationOf('escalate');
const seen = { actedAtMs: nowMs, nowMs, signals: {} };
const declared = pastRun({ id: 'run-1', action: 'openIncident', change: { sev: 2 } });
const called = pastRun({ id: 'run-2', action: 'escalate', change: {} });

describe('opening an incident', () => {
  it('is about this incident, touches nothing, and needs no reading of the platform', () => {
    assert.deepEqual(openIncident.preflight({ sev: 2 }, {}, scene), {
      target: 'incident/1',
      change: { sev: 2 },
      says: 'open an incident, SEV 2',
      touches: { pods: 0, rooms: 0, participants: 0, fleetShareRatio: 0 },
      costPerHour: 0,
    });
  });

  it('knows four severities and no other', () => {
    for (const sev of [0, 5, 1.5, '1', undefined]) assert.throws(() => openIncident.preflight({ sev }, {}, scene));
  });

  it('is in the name of the last who approved, else of who asked', async () => {
    const rig = actRig();
    await openIncident.run(declared, scene.occasion, rig.ports);
    await openIncident.run({ ...declared, approvals: ['console:sam'] }, scene.occasion, rig.ports);
    assert.deepEqual(rig.effects, ['declare 1 2 responder', 'declare 1 2 console:sam']);
    assert.equal(openIncident.verify(declared, {}, seen).verdict, 'verified');
  });

  it('a store that refuses surfaces', async () => {
    const rig = actRig();
    rig.refuse('declare', 'conflict');
    await assert.rejects(openIncident.run(declared, scene.occasion, rig.ports), PortError);
    assert.deepEqual(rig.effects, []);
  });
});

describe('calling a person', () => {
  it('is about this incident and touches nothing', () => {
    const plan = escalate.preflight({}, {}, scene);
    assert.ok(!('blocked' in plan));
    assert.deepEqual([plan.target, plan.touches.pods, plan.costPerHour], ['page/1', 0, 0]);
  });

  it('takes no parameters, so that none is silently ignored', () => {
    assert.throws(() => escalate.preflight({ loudly: true }, {}, scene));
  });

  it('a second try carries the same key, by which a notifier knows it', async () => {
    const rig = actRig();
    rig.loseAnswer();
    await assert.rejects(escalate.run(called, scene.occasion, rig.ports), PortError);
    assert.equal(await escalate.applied(called, rig.ports), false);
    await escalate.run({ ...called, attempts: 1 }, scene.occasion, rig.ports);
    assert.deepEqual([...new Set(rig.effects)], ['escalate 1 run-2']);
    assert.equal(escalate.verify(called, {}, seen).verdict, 'verified');
  });

  it('is not verified by a call that nobody took', async () => {
    const rig = actRig();
    rig.refuse('escalate', 'forbidden');
    await assert.rejects(escalate.run(called, scene.occasion, rig.ports), PortError);
    assert.deepEqual(rig.effects, []);
  });
});
