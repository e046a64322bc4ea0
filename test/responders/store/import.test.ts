import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from '../../../responders/store/database.ts';
import { importJournal, storeId } from '../../../responders/store/import.ts';
import { append, readJournal } from '../../../responders/store/journal.ts';
import { migrate } from '../../../responders/store/migrations.ts';
import { testDatabase } from '../../support/database.ts';

async function store(t: import('node:test').TestContext) {
  const database = openDatabase(await testDatabase());
  t.after(() => database.close());
  await migrate(database);
  return database;
}

test('a local journal is taken over once, with the times and subjects it had', async (t) => {
  const laptop = await store(t);
  const central = await store(t);
  await append(laptop, [
    { kind: 'intended', subject: 'cli:bob', text: 'restart auth-service' },
    { kind: 'verified', subject: 'responder', text: '3/3 ready', detail: { action: 'restartAll' } },
  ]);
  const entries = await readJournal(laptop, {});
  const mark = await storeId(laptop);
  const file = entries.map((entry) => `${JSON.stringify({ store: mark, ...entry })}\n`).join('');

  assert.deepEqual(await importJournal(central, file, 'cli:bob'), { imported: 2, known: 0 });
  assert.deepEqual(await importJournal(central, file, 'cli:bob'), { imported: 0, known: 2 });

  const taken = await readJournal(central, {});
  assert.deepEqual(
    taken.map(({ kind, subject, text }) => [kind, subject, text]),
    [
      ['intended', 'cli:bob', 'restart auth-service'],
      ['verified', 'responder', '3/3 ready'],
      ['status', 'cli:bob', '2 entries of a local journal were taken over'],
    ],
  );
  assert.deepEqual(
    taken.slice(0, 2).map(({ atMs }) => Math.round(atMs)),
    entries.map(({ atMs }) => Math.round(atMs)),
  );
  assert.equal(taken[1]?.detail['action'], 'restartAll');
});

for (const [what, text, says] of [
  ['nothing', '\n', /no entries/],
  ['half a line', '{"store":"1","id":"1","atMs":1,', /line 1 is not JSON/],
  ['an entry of no store', '{"id":"1","atMs":1,"kind":"x","subject":"s","text":"t","detail":{}}', /line 1: store/],
] as const)
  test(`${what} is refused as a whole, with the line`, async (t) => {
    const central = await store(t);
    const good = '{"store":"1","id":"7","atMs":1,"kind":"acted","subject":"s","text":"t","detail":{}}';

    await assert.rejects(importJournal(central, what === 'nothing' ? text : `${text}\n${good}`, 'cli:bob'), says);

    assert.equal((await readJournal(central, {})).length, 0);
  });
