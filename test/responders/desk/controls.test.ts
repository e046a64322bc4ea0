import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Alert } from '../../../alerts/define.ts';
import { alerts as catalogue } from '../../../alerts/index.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { duration } from '../../../kernel/duration.ts';
import { PortError } from '../../../kernel/errors.ts';
import { createClickDesk } from '../../../responders/desk/click-desk.ts';
import { type ControlChange, changeControl } from '../../../responders/desk/controls.ts';
import { readIncident } from '../../../responders/store/incidents.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { testDatabase } from '../../support/database.ts';
import { type Rig, startRig, waitFor } from '../../support/rig.ts';

const saturated = { alertname: 'SfuSaturated', labels: { service: 'livekit-sfu', node_id: 'ND_1' } };
const crashing = { alertname: 'ServiceCrashLooping', labels: { service: 'chat-service' } };
const by = { subject: 'console:ana', reason: 'a reason' } as const;
const settled = () => systemClock.sleep(1_000);
const journal = async ({ responder }: Rig) => await readJournal(responder.core.database, {});
const refused = async (one: Rig, reason: string) =>
  await waitFor(
    async () => (await journal(one)).some(({ kind, detail }) => kind === 'refused' && detail['reason'] === reason),
    `the refusal ${reason}`,
  );
const happened = async (one: Rig, wanted: string) =>
  await waitFor(async () => (await journal(one)).some(({ kind }) => kind === wanted), wanted, 30_000);
const change = async (one: Rig, what: ControlChange) => await changeControl(one.responder.core, what);

async function rig(t: TestContext, options: Parameters<typeof startRig>[1] = {}): Promise<Rig> {
  const started = await startRig(await testDatabase(), options);
  t.after(() => started.close());
  return started;
}

/** Nothing but a switch decides these anew: without one they would be looked at again in a minute. */
const onlyWhenTold = {
  timings: {
    tickMs: 100,
    redecideMs: 60_000,
    verifyEveryMs: 100,
    flapMs: 1_500,
    reconcileMs: 60_000,
    worldMs: 100,
    cloudMs: 1_000,
    leaseMs: 2_000,
    retryMs: 50,
  },
};

describe('each switch stops what it should, and what it refused is decided anew when it ends', () => {
  for (const [on, off, alert, reason] of [
    [{ ...by, name: 'stop-all' }, { ...by, name: 'resume' }, saturated, 'stopped'],
    [{ ...by, name: 'freeze', for: duration('1h') }, { ...by, name: 'unfreeze' }, saturated, 'frozen'],
    [{ ...by, name: 'live-event', for: duration('1h') }, { ...by, name: 'end-live-event' }, crashing, 'live-event'],
  ] as const satisfies readonly (readonly [ControlChange, ControlChange, typeof saturated | typeof crashing, string])[])
    it(`${on.name}: ${reason}, and done after ${off.name}`, async (t) => {
      const one = await rig(t, onlyWhenTold);
      assert.equal((await change(one, on)).ok, true);
      await one.send(alert);
      await refused(one, reason);
      await settled();
      assert.equal(one.simulator.writes.length, 0);

      assert.equal((await change(one, off)).ok, true);
      await happened(one, 'acted');
      assert.equal(one.simulator.writes.length, 1);
    });

  it('a freeze ends by itself, and what it refused is done', async (t) => {
    const one = await rig(t);
    await change(one, { ...by, name: 'freeze', for: duration('2s') });
    await one.send(saturated);
    await refused(one, 'frozen');
    assert.equal(one.simulator.writes.length, 0);
    await happened(one, 'acted');
  });

  it('a live event does not stop what disturbs nobody', async (t) => {
    const one = await rig(t, onlyWhenTold);
    await change(one, { ...by, name: 'live-event', for: duration('1h') });
    await one.send(saturated);
    await happened(one, 'acted');
  });

  it('one switch does not end another', async (t) => {
    const one = await rig(t);
    await change(one, { ...by, name: 'stop-all' });
    await change(one, { ...by, name: 'freeze', for: duration('1h') });
    await one.send(saturated);
    await refused(one, 'stopped');
    await change(one, { ...by, name: 'resume' });
    await refused(one, 'frozen');
    await settled();
    assert.equal(one.simulator.writes.length, 0);
  });

  it('taking off what was not on says so, and leaves no line', async (t) => {
    const one = await rig(t);
    for (const name of ['resume', 'unfreeze', 'end-live-event', 'end-break-glass'] as const)
      assert.deepEqual(await change(one, { ...by, name }), { ok: false, says: 'it was not on' });
    assert.deepEqual(await journal(one), []);
  });
});

describe('modes', () => {
  it('shadow only records what it would do, and auto does it', async (t) => {
    const one = await rig(t, onlyWhenTold);
    await change(one, { ...by, name: 'mode', alertname: 'SfuSaturated', mode: 'shadow' });
    await one.send(saturated);
    await happened(one, 'would-act');
    await settled();
    assert.equal(one.simulator.writes.length, 0);
    await change(one, { ...by, name: 'mode', alertname: 'SfuSaturated', mode: 'auto' });
    await happened(one, 'acted');
    assert.equal(one.simulator.writes.length, 1);
  });

  it('suggest proposes, and one person lets it through', async (t) => {
    const one = await rig(t, onlyWhenTold);
    await change(one, { ...by, name: 'mode', alertname: 'SfuSaturated', mode: 'suggest' });
    await one.send(saturated);
    await happened(one, 'proposed');
    await settled();
    assert.equal(one.simulator.writes.length, 0);
    const desk = createClickDesk(one.responder.core, [], undefined);
    assert.deepEqual(await desk.approve(await proposal(one), 'console:bo'), { ok: true });
    await happened(one, 'acted');
  });

  it('of one runbook does not touch another', async (t) => {
    const one = await rig(t, onlyWhenTold);
    await change(one, { ...by, name: 'mode', alertname: 'ServiceCrashLooping', mode: 'shadow' });
    await one.send(saturated);
    await happened(one, 'acted');
  });

  it('of a runbook that there is not is refused, and nothing is written', async (t) => {
    const one = await rig(t);
    const answer = await change(one, { ...by, name: 'mode', alertname: 'NoSuchAlert', mode: 'auto' });
    assert.deepEqual(answer, { ok: false, says: 'there is no runbook NoSuchAlert' });
    assert.deepEqual(await journal(one), []);
  });

  for (const mode of ['shadow', 'suggest'] as const)
    it(`what the responder began alone ends at its next try when its runbook may only ${mode}`, async (t) => {
      const one = await rig(t, onlyWhenTold);
      const { cluster } = one.responder.core.ports;
      let tried = 0;
      cluster.scale = async () => {
        tried += 1;
        await change(one, { ...by, name: 'mode', alertname: 'SfuSaturated', mode });
        throw new PortError('kubernetes', 'throttled', 'not now');
      };
      await one.send(saturated);
      await happened(one, 'abandoned');
      await settled();
      assert.equal(tried, 1);
    });
});

describe('breaking glass', () => {
  const twoPeople = (): Alert[] =>
    catalogue.map((alert) => {
      const [first, ...others] = alert.runbook.mitigation;
      return alert.name !== 'SfuSaturated' || first === undefined
        ? alert
        : { ...alert, runbook: { ...alert.runbook, mitigation: [{ ...first, approval: 'two' }, ...others] } };
    });
  async function waiting(t: TestContext) {
    const one = await rig(t, { alerts: twoPeople() });
    await one.send(saturated);
    await happened(one, 'proposed');
    return { one, runId: await proposal(one), desk: createClickDesk(one.responder.core, [], undefined) };
  }

  it('one person alone lets a proposal for two through, and everyone is told in the thread of the controls', async (t) => {
    const { one, runId, desk } = await waiting(t);
    await change(one, { ...by, name: 'break-glass', for: duration('10m') });
    assert.deepEqual(await desk.approve(runId, 'console:ana'), { ok: true });
    await happened(one, 'acted');
    assert.equal(one.simulator.writes.length, 1);

    const line = (await journal(one)).find(({ kind }) => kind === 'control');
    assert.deepEqual(
      [line?.text, line?.subject],
      ['Glass broken by console:ana for 10m: one person may act alone: a reason', 'console:ana'],
    );
    const thread = await readIncident(one.responder.core.database, { id: line?.incidentId ?? '' });
    assert.equal(thread?.title, 'Controls of the responder');
    const approved = (await journal(one)).find(({ kind }) => kind === 'approved');
    assert.equal(approved?.detail['breakGlass'], true);
  });

  it('it holds for who broke it: another person alone is still one of two', async (t) => {
    const { one, runId, desk } = await waiting(t);
    await change(one, { ...by, name: 'break-glass', for: duration('10m') });
    assert.equal((await desk.approve(runId, 'console:bo')).ok, true);
    await settled();
    assert.equal(one.simulator.writes.length, 0);
    assert.equal(await proposal(one), runId);
  });

  it('without it, or once it is mended or over, one person alone lets nothing through, not even by asking twice', async (t) => {
    const { one, runId, desk } = await waiting(t);
    await change(one, { ...by, name: 'break-glass', for: duration('10m') });
    await change(one, { ...by, name: 'end-break-glass' });
    assert.equal((await desk.approve(runId, 'console:ana')).ok, true);
    assert.equal((await desk.approve(runId, 'console:ana')).ok, false);
    await change(one, { ...by, name: 'break-glass', for: duration('1ms') });
    await systemClock.sleep(20);
    assert.equal((await desk.approve(runId, 'console:ana')).ok, false);
    await settled();
    assert.equal(one.simulator.writes.length, 0);
  });

  it('does not get past the stop switch', async (t) => {
    const { one, runId, desk } = await waiting(t);
    await change(one, { ...by, name: 'break-glass', for: duration('10m') });
    await change(one, { ...by, name: 'stop-all' });
    await desk.approve(runId, 'console:ana');
    await happened(one, 'abandoned');
    assert.equal(one.simulator.writes.length, 0);
  });
});

/** The proposal that waits for people. */
async function proposal({ responder }: Rig): Promise<string> {
  const [row] = await responder.core.database.query<{ id: string }>(`select id from run where state = 'proposed'`);
  return row?.id ?? assert.fail('nothing is proposed');
}
