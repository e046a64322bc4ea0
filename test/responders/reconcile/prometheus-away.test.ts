import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { PortError } from '../../../kernel/errors.ts';
import type { Metrics } from '../../../responders/ports.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { testDatabase } from '../../support/database.ts';
import { type Rig, startRig, waitFor } from '../../support/rig.ts';

const saturated = { alertname: 'SfuSaturated', labels: { service: 'livekit-sfu', node_id: 'ND_1' } };
const gone = () => Promise.reject(new PortError('prometheus', 'unreachable', 'connection refused'));
const away: Metrics = { query: gone, queryRange: gone };

async function rigOf(t: TestContext, metrics: Metrics): Promise<Rig> {
  const rig = await startRig(await testDatabase(), { metrics });
  t.after(() => rig.close());
  return rig;
}
const journal = async ({ responder }: Rig) => await readJournal(responder.core.database, {});
const kinds = async (rig: Rig) => (await journal(rig)).map(({ kind }) => kind).filter((kind) => kind !== 'evidence');

describe('Prometheus is away', () => {
  it('verification goes on without signals and says that there were no joins to judge by', async (t) => {
    const rig = await rigOf(t, away);
    await rig.send(saturated);
    await waitFor(async () => (await kinds(rig)).includes('verified'), 'the verification');
    const line = (await journal(rig)).find(({ kind }) => kind === 'verified');
    assert.match(line?.text ?? '', /serving with .*; no joins to judge by/);
    await systemClock.sleep(1_000);
    assert.deepEqual(await kinds(rig), ['fired', 'intended', 'acted', 'verified']);
    assert.equal(rig.simulator.writes.length, 1);
  });

  it('is no reason to act: without an alert nothing is written and nothing is journalled', async (t) => {
    const rig = await rigOf(t, away);
    await systemClock.sleep(1_500);
    assert.deepEqual(await kinds(rig), []);
    assert.equal(rig.simulator.writes.length, 0);
  });

  it('joins that are seen to fail are another matter: then the act is not verified', async (t) => {
    let joinSuccessRatio = 0.5;
    const rig = await rigOf(t, { ...away, query: async () => [{ labels: {}, value: joinSuccessRatio }] });
    await rig.send(saturated);
    const reason = async () => {
      const [run] = await rig.responder.core.database.query<{ reason: string | null }>('select reason from run');
      return run?.reason ?? '';
    };
    await waitFor(async () => /only 50.0 % of joins succeed/.test(await reason()), 'the new node');
    assert.equal((await kinds(rig)).includes('verified'), false);
    joinSuccessRatio = 0.99;
    await waitFor(async () => (await kinds(rig)).includes('verified'), 'the verification');
  });
});
