import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestLimits } from '../../../responders/reconcile/policy.ts';
import { type Request, request } from '../../../responders/reconcile/request.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { testDatabase } from '../../support/database.ts';
import { startRig, waitFor } from '../../support/rig.ts';

const restart: Request = {
  action: 'restartWorkload',
  params: { workload: 'auth-service' },
  by: 'console:ana',
  incidentId: undefined,
  runbook: 'request',
  mode: 'auto',
  limits: requestLimits,
  approvalsNeeded: 0,
  breakGlass: false,
};
const patient = { tickMs: 100, leaseMs: 60_000, worldMs: 100, cloudMs: 1_000, verifyEveryMs: 100 };

test('what a person asks for is done at once, not when a lease has run out', async (t) => {
  const rig = await startRig(await testDatabase(), { timings: patient });
  t.after(() => rig.close());

  const { run } = await request(rig.responder.core, restart);

  assert.equal(run?.state, 'intended');
  const kinds = async () => (await readJournal(rig.responder.core.database, {})).map(({ kind }) => kind);
  await waitFor(async () => (await kinds()).includes('acted'), 'the act');
});

test('what needs another person waits for one, and nothing is touched', async (t) => {
  const rig = await startRig(await testDatabase(), { timings: patient });
  t.after(() => rig.close());
  const before = rig.simulator.writes.length;

  const { run } = await request(rig.responder.core, { ...restart, approvalsNeeded: 1 });

  assert.equal(run?.state, 'proposed');
  assert.equal(rig.simulator.writes.length, before);
});

test('a refused request outside an incident leaves no line in the journal: its answer says why', async (t) => {
  const rig = await startRig(await testDatabase(), { timings: patient });
  t.after(() => rig.close());
  const unknown = { ...restart, params: { workload: 'no-such-service' } };

  const { judgement, run } = await request(rig.responder.core, unknown);

  assert.equal(judgement.outcome === 'refuse' && judgement.reason, 'no-target');
  assert.equal(run, undefined);
  assert.deepEqual(await readJournal(rig.responder.core.database, {}), []);
});
