import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJournal } from '../../../responders/store/journal.ts';
import { testDatabase } from '../../support/database.ts';
import { startRig, waitFor } from '../../support/rig.ts';

test('a saturated node gets one new SFU, verified by its serving', async (t) => {
  const rig = await startRig(await testDatabase());
  t.after(() => rig.close());
  const before = rig.simulator.writes.length;

  assert.equal(await rig.send({ alertname: 'SfuSaturated', labels: { service: 'livekit-sfu', node_id: 'ND_1' } }), 200);
  const kinds = async () => (await readJournal(rig.responder.core.database, {})).map(({ kind }) => kind);
  await waitFor(async () => (await kinds()).includes('verified'), 'the verification');

  assert.deepEqual(
    (await kinds()).filter((kind) => kind !== 'evidence'),
    ['fired', 'intended', 'acted', 'verified'],
  );
  assert.equal(rig.simulator.writes.length - before, 1);
});
