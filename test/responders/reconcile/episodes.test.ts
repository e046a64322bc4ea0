import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Mitigation } from '../../../alerts/define.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { duration } from '../../../kernel/duration.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { testDatabase } from '../../support/database.ts';
import { alertWith, type Rig, startRig, waitFor } from '../../support/rig.ts';
import { podOf } from '../../support/situation.ts';

const saturated = { alertname: 'SfuSaturated', labels: { service: 'livekit-sfu', node_id: 'ND_1' } };
const noTarget: Mitigation = {
  say: '',
  action: 'restartWorkload',
  params: { workload: 'nowhere' },
  approval: 'none',
};
const nobodyWaits: Mitigation = { say: '', action: 'raiseNodePool', params: { step: 1 }, approval: 'none' };
const applies: Mitigation = { say: '', action: 'scaleSfu', params: { step: 1 }, approval: 'none' };

async function rigOf(t: TestContext, mitigation: readonly Mitigation[]): Promise<Rig> {
  const { runbook, limits } = alertWith('SfuSaturated', {});
  const alert = alertWith('SfuSaturated', {
    runbook: { ...runbook, mitigation },
    limits: { ...limits, cooldown: duration('1s') },
  });
  const rig = await startRig(await testDatabase(), { alerts: [alert] });
  t.after(() => rig.close());
  return rig;
}
const journal = async ({ responder }: Rig) => await readJournal(responder.core.database, {});
const acts = async (rig: Rig) =>
  (await journal(rig)).filter(({ kind }) => kind === 'intended').map(({ detail }) => detail['action']);
const reasons = async (rig: Rig) =>
  (await journal(rig)).filter(({ kind }) => kind === 'refused').map(({ detail }) => detail['reason']);

describe('a step that does not apply now', () => {
  it('is passed over for the next one, and come back to once it applies', async (t) => {
    const rig = await rigOf(t, [nobodyWaits, applies]);
    const { cluster } = rig.responder.core.ports;
    const read = cluster.read.bind(cluster);
    await rig.send(saturated);
    await waitFor(async () => (await journal(rig)).some(({ kind }) => kind === 'verified'), 'the second step');
    assert.deepEqual(await acts(rig), ['scaleSfu']);
    await waitFor(async () => (await reasons(rig)).length > 0, 'that the first one still does not apply');

    const waiting = podOf('livekit-sfu', 77, { ready: false, unschedulable: 'no room', createdAtMs: 0 });
    cluster.read = async () => {
      const state = await read();
      return { ...state, pods: [...state.pods, waiting] };
    };
    await waitFor(async () => (await acts(rig)).length > 1, 'the first step');
    assert.deepEqual(await acts(rig), ['scaleSfu', 'raiseNodePool']);
  });

  it('is not taken for tried: with no other left it stays refused, and the runbook is not exhausted', async (t) => {
    const rig = await rigOf(t, [noTarget, applies]);
    await rig.send(saturated);
    await waitFor(async () => (await reasons(rig)).length > 0, 'the refusal');
    await systemClock.sleep(1_000);
    assert.deepEqual(await acts(rig), ['scaleSfu']);
    assert.deepEqual(await reasons(rig), ['no-target']);
  });

  it('where none applies the first says why, once, and nothing is touched', async (t) => {
    const rig = await rigOf(t, [noTarget, nobodyWaits]);
    await rig.send(saturated);
    await waitFor(async () => (await reasons(rig)).length > 0, 'the refusal');
    await systemClock.sleep(1_200);
    assert.deepEqual(await reasons(rig), ['no-target']);
    assert.equal(rig.simulator.writes.length, 0);
  });
});
