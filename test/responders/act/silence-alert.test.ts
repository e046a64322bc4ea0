import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import type { Occasion, Preflight } from '../../../responders/act/define.ts';
import { silenceAlert } from '../../../responders/act/silence-alert.ts';
import { actRig } from '../../support/act-ports.ts';
import { nowMs, pastRun, situationOf } from '../../support/situation.ts';

const { scene } = situationOf('escalate');
const labels = { alertname: 'SfuSaturated', node_id: 'ND_1' };
const occasion: Occasion = { ...scene.occasion, labels };
const ask = (span: string, at: Partial<Occasion> = {}) =>
  silenceAlert.preflight({ for: span }, {}, { ...scene, occasion: { ...occasion, ...at } });
const planned = (): Preflight => {
  const plan = ask('30m');
  if ('blocked' in plan) assert.fail(plan.saw);
  return plan;
};
const run = pastRun({ action: 'silenceAlert', change: planned().change, says: 'noisy', intendedAtMs: nowMs });

describe('what it would do', () => {
  it('silences this one alert by all its labels, touches and costs nothing', () => {
    assert.deepEqual(planned(), {
      target: 'alert/00000000000000aa',
      change: { labels, forMs: 1_800_000 },
      says: 'silence SfuSaturated for 30m',
      touches: { pods: 0, rooms: 0, participants: 0, fleetShareRatio: 0 },
      costPerHour: 0,
    });
  });

  it('never matches everything: without an alert or without labels there is no target', () => {
    for (const at of [{ fingerprint: undefined }, { labels: {} }]) {
      const plan = ask('30m', at);
      assert.equal('blocked' in plan && plan.blocked, 'no-target');
    }
  });

  it('refuses what is not a length of time, and none at all', () => {
    for (const span of ['', 'soon', '-5m', '0s', '0h0m']) assert.throws(() => ask(span), /want a duration/, span);
  });
});

describe('doing it', () => {
  it('a second run after a lost answer makes no second silence', async () => {
    const rig = actRig();
    rig.loseAnswer();
    await assert.rejects(silenceAlert.run(run, occasion, rig.ports), PortError);
    assert.equal(await silenceAlert.applied(run, rig.ports), false);
    await silenceAlert.run(run, occasion, rig.ports);
    assert.deepEqual(rig.effects, [`silence ${JSON.stringify(labels)} ${nowMs + 1_800_000} responder`]);
  });

  it('lasts from the intent on, not from the try, and in the name of who approved', async () => {
    const rig = actRig();
    const late = { ...run, attempts: 5, approvals: ['console:alex', 'console:sam'] };
    await silenceAlert.run(late, occasion, rig.ports);
    assert.match(rig.effects[0] ?? '', new RegExp(` ${nowMs + 1_800_000} console:sam$`));
  });

  it('a refusal surfaces and leaves nothing', async () => {
    const rig = actRig();
    rig.refuse('silence', 'forbidden');
    await assert.rejects(silenceAlert.run(run, occasion, rig.ports), /forbidden/);
    assert.deepEqual(rig.effects, []);
  });

  it("is verified by Alertmanager's answer", () => {
    const { verdict, saw } = silenceAlert.verify(run, {}, { actedAtMs: nowMs, nowMs, signals: {} });
    assert.deepEqual([verdict, saw], ['verified', 'Alertmanager keeps the silence for 30 min']);
  });
});
