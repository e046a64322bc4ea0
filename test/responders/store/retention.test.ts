import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setControl } from '../../../responders/store/controls.ts';
import { openEpisodes } from '../../../responders/store/episodes.ts';
import { append } from '../../../responders/store/journal.ts';
import { erase, retain } from '../../../responders/store/retention.ts';
import { approve, insertRun } from '../../../responders/store/runs.ts';
import { anIncident, fresh, held, newRun } from './stage.ts';

describe('retention and erasure', () => {
  it('forgets incidents that closed before the retention with all that hangs on them, and no other', async (t) => {
    const database = await fresh(t);
    const [old, young, open] = [await anIncident(database), await anIncident(database), await anIncident(database)];
    for (const [index, incidentId] of [old, young, open].entries()) {
      const [episode] = await openEpisodes(database, [
        {
          fingerprint: `f${index}`,
          alertname: 'A',
          labels: {},
          annotations: {},
          incidentId,
          startsAt: '2026-01-01T00:00:00Z',
          resolved: false,
        },
      ]);
      const run = await insertRun(database, newRun(incidentId, { episodeId: episode?.id, target: `t/${index}` }), held);
      await append(database, [
        { kind: 'fired', incidentId, episodeId: episode?.id, runId: run?.id, subject: 'alertmanager', text: 'x' },
      ]);
    }
    await database.query(
      `update incident set closed_at = clock_timestamp() - make_interval(days => case id when $1::bigint then 401 else 399 end) where id <> $2`,
      [old, open],
    );
    await append(database, [{ kind: 'control', subject: 'console:alex', text: 'freeze' }]);
    await database.query(`update journal set at = at - interval '401 days' where kind = 'control'`);

    await database.query(
      `insert into scene (id, at, seen) select gen_random_uuid(), now() - make_interval(days => days), '{}' from unnest(array[31, 29]) as days`,
    );

    await retain(database);

    const count = async (table: string) => (await database.query(`select from ${table}`)).length;
    assert.deepEqual(
      [
        await count('incident'),
        await count('episode'),
        await count('run'),
        await count('journal'),
        await count('scene'),
      ],
      [2, 2, 2, 2, 1],
    );
  });

  it('takes a person out of every table, also out of the middle of a sentence, and nobody whose name is longer', async (t) => {
    const database = await fresh(t);
    const incident = await anIncident(database);
    await database.query(
      `update incident set acknowledged_by = 'console:al', commander = 'console:alex', postmortem = 'Led by console:al.'`,
    );
    const run = await insertRun(database, newRun(incident, { state: 'proposed', requestedBy: 'console:al' }), held);
    await approve(database, run?.id ?? '', 'console:al', false, { breakGlass: false, verifyWithinMs: 1 });
    await append(database, [
      {
        kind: 'control',
        subject: 'console:al',
        text: 'frozen by console:al: release',
        detail: { trace: [{ saw: 'console:al: release' }], other: 'console:alex' },
      },
      { kind: 'control', subject: 'console:alex', text: 'by console:alex' },
    ]);
    await setControl(database, 'freeze', { by: 'console:al', reason: 'asked by console:al' });
    await database.query(
      `insert into scene (id, seen) values (gen_random_uuid(), '{"frozen":{"by":"console:al"},"who":"console:alex"}')`,
    );

    const rows = await erase(database, 'console:al');

    const all = JSON.stringify(
      await Promise.all(
        ['incident', 'run', 'journal', 'control', 'scene'].map((table) => database.query(`select * from ${table}`)),
      ),
    );
    assert.equal(rows, 5);
    assert.equal(/console:al(?!ex)/.test(all), false);
    assert.equal(all.match(/console:alex/g)?.length, 5);
    assert.equal(await erase(database, 'console:al'), 0);
  });
});
