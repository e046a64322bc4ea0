import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { PortError } from '../../../kernel/errors.ts';
import { changeControl } from '../../../responders/desk/controls.ts';
import { requestLimits } from '../../../responders/reconcile/policy.ts';
import { request } from '../../../responders/reconcile/request.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { testDatabase } from '../../support/database.ts';
import { startRig, waitFor } from '../../support/rig.ts';

for (const [code, ends] of [
  ['conflict', 'abandoned'],
  ['forbidden', 'failed'],
] as const)
  test(`a drain that got half way and ${ends} leaves no deletion cost on any pod, and took none`, async (t) => {
    const rig = await startRig(await testDatabase());
    t.after(() => rig.close());
    const { core } = rig.responder;
    await waitFor(() => {
      const nodes = core.world.current().fleet?.value.nodes ?? [];
      return nodes.length > 0 && nodes.every(({ emptyReadings }) => emptyReadings >= 3);
    }, 'three empty readings');
    let marked = 0;
    core.ports.cluster.scale = async () => {
      marked = rig.simulator.view().pods.filter(({ deletionCost }) => deletionCost !== undefined).length;
      await changeControl(core, { name: 'stop-all', subject: 'console:ana', reason: 'wait' });
      throw new PortError('kubernetes', code, 'a fault');
    };

    const { run } = await request(core, {
      action: 'drainSfu',
      params: {},
      by: 'console:ana',
      incidentId: undefined,
      runbook: 'request',
      mode: 'auto',
      limits: requestLimits,
      approvalsNeeded: 0,
      breakGlass: false,
    });
    assert.equal(run?.state, 'intended');
    await waitFor(async () => (await readJournal(core.database, {})).some(({ kind }) => kind === ends), ends);
    await systemClock.sleep(500);

    assert.equal(marked, 4);
    const { pods } = rig.simulator.view();
    assert.deepEqual(
      pods.filter(({ workload, deletionCost }) => workload === 'livekit-sfu' && deletionCost !== undefined),
      [],
    );
    assert.equal(pods.filter(({ workload }) => workload === 'livekit-sfu').length, 4);
  });
