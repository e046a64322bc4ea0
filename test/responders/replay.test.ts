import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usd } from '../../kernel/money.ts';
import { Recording, recordEpisode, replay } from '../../responders/replay.ts';
import { listEpisodes } from '../../responders/store/episodes.ts';
import { readJournal } from '../../responders/store/journal.ts';
import { testDatabase } from '../support/database.ts';
import { startRig, waitFor } from '../support/rig.ts';

/** An episode that was acted on, as a file would hold it. */
async function recorded(): Promise<Recording> {
  const rig = await startRig(await testDatabase());
  try {
    const { database } = rig.responder.core;
    await rig.send({ alertname: 'SfuSaturated', labels: { service: 'livekit-sfu', node_id: 'ND_1' } });
    await waitFor(async () => (await readJournal(database, { kind: 'acted' })).length > 0, 'the act');
    const [episode] = await listEpisodes(database, {});
    assert.ok(episode);
    const recording = await recordEpisode(database, episode, await readJournal(database, { episodeId: episode.id }));
    return Recording.parse(JSON.parse(JSON.stringify(recording)));
  } finally {
    await rig.close();
  }
}

test('a recorded episode comes out as it did, from its file alone', async () => {
  const recording = await recorded();

  const results = replay(recording);

  assert.deepEqual(
    results.map(({ action, was, now, same }) => ({ action, was, now, same })),
    [{ action: 'scaleSfu', was: 'act', now: 'act', same: true }],
  );
});

test('it differs, and says how, when what was seen would be refused today', async () => {
  const recording = await recorded();
  const poorer = Object.fromEntries(
    Object.entries(recording.scenes).map(([id, scene]) => [id, { ...scene, budget: usd(0) }]),
  );

  const [result] = replay({ ...recording, scenes: poorer });

  assert.deepEqual(
    { was: result?.was, now: result?.now, same: result?.same },
    { was: 'act', now: 'budget', same: false },
  );
});
