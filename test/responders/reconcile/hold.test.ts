import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type Clock, systemClock } from '../../../kernel/clock.ts';
import { PortError } from '../../../kernel/errors.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { testDatabase } from '../../support/database.ts';
import { alertWith, type Rig, startRig, waitFor } from '../../support/rig.ts';

async function rig(t: TestContext, options: Parameters<typeof startRig>[1] = {}): Promise<Rig> {
  const started = await startRig(await testDatabase(), options);
  t.after(() => started.close());
  return started;
}
const journal = async ({ responder }: Rig) => await readJournal(responder.core.database, {});
const kinds = async (one: Rig) => (await journal(one)).map(({ kind }) => kind).filter((kind) => kind !== 'evidence');
const saturated = { alertname: 'SfuSaturated', labels: { service: 'livekit-sfu', node_id: 'ND_1' } };
const settled = () => systemClock.sleep(1_200);

/** The machine's clock, which somebody sets. */
function setClock(): Clock & { jumpMs: number } {
  const clock = { jumpMs: 0, now: () => Date.now() + clock.jumpMs, sleep: systemClock.sleep };
  return clock;
}

describe('what is taken up', () => {
  it('an alert that fired and resolved before anybody looked is on the record and not acted on', async (t) => {
    const one = await rig(t);
    assert.equal(await one.send(saturated, { ...saturated, status: 'resolved' }), 200);
    await waitFor(async () => (await kinds(one)).includes('resolved'), 'the record');
    await settled();
    assert.deepEqual((await kinds(one)).slice(0, 2), ['fired', 'resolved']);
    assert.equal(one.simulator.writes.length, 0);
  });

  it('a resolved for what never fired here opens nothing', async (t) => {
    const one = await rig(t);
    await one.send({ ...saturated, status: 'resolved' });
    await settled();
    assert.deepEqual(await kinds(one), []);
  });

  it('an alert without a runbook is told and never acted on', async (t) => {
    const one = await rig(t);
    await one.send({ alertname: 'SomebodyElsesAlert', labels: { service: 'livekit-sfu' } });
    await waitFor(async () => (await kinds(one)).includes('no-runbook'), 'the record');
    await settled();
    assert.deepEqual(await kinds(one), ['fired', 'no-runbook']);
    assert.equal(one.simulator.writes.length, 0);
  });

  it('one alert that cannot be taken up goes on the record, and those beside it are taken up', async (t) => {
    const one = await rig(t);
    const { database } = one.responder.core;
    // Past the edge, as an older version might have left it: no moment that PostgreSQL knows.
    await database.query(
      `insert into inbox (alert) values ('{"status":"firing","labels":{"alertname":"Broken"},"annotations":{},"startsAt":"never","fingerprint":"00000000000000bb"}')`,
    );
    await one.send({ alertname: 'SomebodyElsesAlert' });
    await waitFor(async () => (await kinds(one)).includes('no-runbook'), 'the alert after the broken one');
    assert.ok((await journal(one)).some(({ kind, text }) => kind === 'failed' && text.startsWith('Broken')));
    assert.equal((await database.query('select from inbox')).length, 0);
  });

  it('labels as long as may be, and a summary cut in the middle of an emoji, hold nothing up', async (t) => {
    const one = await rig(t);
    const long = 'x'.repeat(16_000);
    assert.equal(
      await one.send({ alertname: `${'a'.repeat(185)}🎥🎥🎥🎥`, labels: { service: long, node: long } }),
      200,
    );
    await waitFor(async () => (await kinds(one)).includes('fired'), 'the record');
    assert.deepEqual(
      (await kinds(one)).filter((kind) => kind === 'failed'),
      [],
    );
  });
});

describe('clock jumps', () => {
  it('forward: the cooldown still holds, and nothing is given up early', async (t) => {
    const clock = setClock();
    const one = await rig(t, { clock });
    await one.send(saturated);
    await waitFor(async () => (await kinds(one)).includes('verified'), 'the first act');
    clock.jumpMs = 3 * 3_600_000;
    await one.send({ alertname: 'SfuSaturated', labels: { service: 'livekit-sfu', node_id: 'ND_2' } });
    await waitFor(
      async () => (await journal(one)).some(({ detail }) => detail['reason'] === 'cooldown'),
      'the refusal',
    );
    assert.equal(one.simulator.writes.filter(({ verb }) => verb === 'scale' || verb === 'setFloor').length, 1);
    assert.equal((await kinds(one)).includes('not-improved'), false);
  });

  it('back: readings dated in the future are no data, and it acts once there are new ones', async (t) => {
    const clock = setClock();
    clock.jumpMs = 3_600_000;
    const one = await rig(t, {
      clock,
      timings: {
        tickMs: 100,
        redecideMs: 300,
        verifyEveryMs: 100,
        flapMs: 1_500,
        reconcileMs: 60_000,
        worldMs: 2_000,
        cloudMs: 2_000,
        leaseMs: 2_000,
        retryMs: 50,
      },
    });
    clock.jumpMs = 0;
    await one.send(saturated);
    await waitFor(async () => (await kinds(one)).length >= 2, 'the decision');
    const [, first] = await journal(one);
    assert.equal(first?.detail['reason'], 'stale-data');
    assert.match(first?.text ?? '', /dated in the future/);
    await waitFor(async () => (await kinds(one)).includes('acted'), 'the act');
  });
});

describe('peers that are away', () => {
  for (const peer of ['kubernetes', 'livekit', 'redis'] as const) {
    it(`${peer}: nothing is done blindly, and it is done when the peer is back`, async (t) => {
      const one = await rig(t, {
        alerts: [alertWith('SfuSaturated', {})].map((alert) => ({
          ...alert,
          limits: { ...alert.limits, maxDataAge: '1s' as typeof alert.limits.maxDataAge },
        })),
      });
      one.simulator.control.setAway(peer, true);
      await systemClock.sleep(1_300);
      await one.send(saturated);
      await waitFor(
        async () => (await journal(one)).some(({ detail }) => detail['reason'] === 'stale-data'),
        'the refusal',
      );
      await settled();
      assert.equal(one.simulator.writes.length, 0);
      one.simulator.control.setAway(peer, false);
      await waitFor(async () => (await kinds(one)).includes('acted'), 'the act');
      assert.equal(one.simulator.writes.length, 1);
    });
  }
});

describe('calls that fail', () => {
  it('a peer that asks to wait is tried again and acted on once; one that forbids is not asked twice', async (t) => {
    for (const [code, ends, calls] of [
      ['throttled', 'verified', 2],
      ['conflict', 'verified', 2],
      ['forbidden', 'failed', 1],
    ] as const) {
      let tried = 0;
      const base = await rig(t);
      const { cluster } = base.responder.core.ports;
      const scale = cluster.scale.bind(cluster);
      cluster.scale = async (change) => {
        tried += 1;
        if (tried === 1) throw new PortError('kubernetes', code, 'a fault');
        await scale(change);
      };
      await base.send(saturated);
      await waitFor(async () => (await kinds(base)).includes(ends), `${code} to end in ${ends}`);
      assert.equal(tried, calls, code);
      assert.equal(base.simulator.writes.length, calls - 1, code);
    }
  });
});
