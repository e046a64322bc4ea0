import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertReport } from '../../../reports/alerts/report.ts';
import { markNoise } from '../../../responders/store/episodes.ts';
import { listIncidents } from '../../../responders/store/incidents.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { testDatabase } from '../../support/database.ts';
import { startRig, waitFor } from '../../support/rig.ts';

test('the noisiest alert stands first, with what was done for each', async (t) => {
  const rig = await startRig(await testDatabase());
  t.after(() => rig.close());
  const { database } = rig.responder.core;
  await rig.send(
    { alertname: 'SfuSaturated', labels: { service: 'livekit-sfu', node_id: 'ND_1' } },
    { alertname: 'Gossip', labels: { service: 'chat-service' } },
  );
  await waitFor(async () => (await readJournal(database, { kind: 'verified' })).length > 0, 'the verification');
  const gossip = (await listIncidents(database)).find(({ title }) => title.startsWith('Gossip'));
  await markNoise(database, gossip?.id ?? '');

  const lines = await alertReport(database, 1);

  assert.deepEqual(
    lines.map(({ alertname, episodes, noise, acted, verified }) => ({ alertname, episodes, noise, acted, verified })),
    [
      { alertname: 'Gossip', episodes: 1, noise: 1, acted: 0, verified: 0 },
      { alertname: 'SfuSaturated', episodes: 1, noise: 0, acted: 1, verified: 1 },
    ],
  );
});

test('a store without alerts gives no line', async (t) => {
  const rig = await startRig(await testDatabase());
  t.after(() => rig.close());
  assert.deepEqual(await alertReport(rig.responder.core.database, 30), []);
});
