import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accept, inboxState, setAside, takeInbox } from '../../../responders/intake/inbox.ts';
import { setControl } from '../../../responders/store/controls.ts';
import { type Database, openDatabase } from '../../../responders/store/database.ts';
import { openEpisodes } from '../../../responders/store/episodes.ts';
import { openIncidents } from '../../../responders/store/incidents.ts';
import { append, readJournal } from '../../../responders/store/journal.ts';
import { migrate } from '../../../responders/store/migrations.ts';
import { claimOccurrence, firstTime } from '../../../responders/store/once.ts';
import { erase, retain } from '../../../responders/store/retention.ts';
import {
  approve,
  claimDue,
  deny,
  insertRun,
  type NewRun,
  renewRun,
  updateRun,
} from '../../../responders/store/runs.ts';
import { testDatabase } from '../../support/database.ts';

async function fresh(t: { after(work: () => Promise<void>): void }): Promise<Database> {
  const database = openDatabase(await testDatabase(), { max: 4 });
  t.after(() => database.close());
  await migrate(database);
  return database;
}

async function anIncident(database: Database): Promise<string> {
  const [id] = await openIncidents(database, [{ title: 'an incident', severity: 'warning', keys: ['k'] }]);
  return id ?? '';
}

function newRun(incidentId: string, more: Partial<NewRun> = {}): NewRun {
  return {
    incidentId,
    episodeId: undefined,
    alertname: 'A',
    step: 0,
    action: 'scaleSfu',
    params: {},
    target: 'deployment/x',
    change: { to: 5 },
    says: 'x',
    state: 'intended',
    requestedBy: 'responder',
    approvalsNeeded: 0,
    breakGlass: false,
    deadlineInMs: 60_000,
    ...more,
  };
}
const held = { by: 'me', leaseMs: 60_000 };
const lapsed = { by: 'me', leaseMs: -1 };
const known = ['scaleSfu'];

describe('migrations', () => {
  it('that are tried by five replicas at once are done once', async () => {
    const url = await testDatabase();
    const databases = Array.from({ length: 5 }, () => openDatabase(url, { max: 2 }));

    await Promise.all(databases.map(migrate));

    const [first] = databases;
    const rows = await first?.query<{ version: number }>('select version from schema_version order by version');
    assert.equal(new Set(rows?.map(({ version }) => version)).size, rows?.length);
    await Promise.all(databases.map((database) => database.close()));
  });

  it('that a newer version has added are left alone by this one', async (t) => {
    const database = await fresh(t);
    await database.query('alter table run add column of_the_next_version text');
    await database.query('insert into schema_version (version) select max(version) + 1 from schema_version');

    await migrate(database);

    assert.ok((await insertRun(database, newRun(await anIncident(database)), held)) !== undefined);
  });
});

describe('the inbox', () => {
  const alertOf = (serial: number) => ({
    status: 'firing' as const,
    labels: { alertname: `A${serial}` },
    annotations: {},
    startsAt: '2026-11-22T00:00:00.000Z',
    fingerprint: serial.toString(16).padStart(16, '0'),
  });

  it('gives alerts back in the order they came', async (t) => {
    const database = await fresh(t);
    await accept(database, [alertOf(1), alertOf(2)]);
    await accept(database, [alertOf(3)]);

    assert.deepEqual(
      (await takeInbox(database, 10)).map(({ alert }) => alert.labels['alertname']),
      ['A1', 'A2', 'A3'],
    );
    assert.deepEqual(await inboxState(database), { rows: 0, oldestAgeSeconds: 0 });
  });

  it('has them back when the transaction that took them fails', async (t) => {
    const database = await fresh(t);
    await accept(database, [alertOf(1)]);

    await assert.rejects(
      database.transaction(async (sql) => {
        assert.equal((await takeInbox(sql, 10)).length, 1);
        throw new Error('killed');
      }),
    );

    assert.equal((await inboxState(database)).rows, 1);
  });

  it('puts what could not be taken up on the record, and nothing else out of the way', async (t) => {
    const database = await fresh(t);
    await accept(database, [alertOf(1), alertOf(2)]);

    await setAside(database, 'a problem');

    assert.equal((await inboxState(database)).rows, 1);
    assert.deepEqual(
      (await readJournal(database, {})).map(({ kind, text }) => [kind, text]),
      [['failed', 'A1 was accepted and could not be taken up']],
    );
  });
});

describe('runs', () => {
  it('never two at once on one target', async (t) => {
    const database = await fresh(t);
    const incident = await anIncident(database);

    const both = await Promise.all([
      insertRun(database, newRun(incident), held),
      insertRun(database, newRun(incident), held),
    ]);

    assert.equal(both.filter((run) => run !== undefined).length, 1);
    assert.ok((await insertRun(database, newRun(incident, { target: 'deployment/y' }), held)) !== undefined);
  });

  it('a run that somebody holds is not claimed, one whose lease ran out is, with a greater fence', async (t) => {
    const database = await fresh(t);
    const incident = await anIncident(database);
    await insertRun(database, newRun(incident), held);
    assert.deepEqual(await claimDue(database, { by: 'other', leaseMs: 1_000 }, 10, known), []);

    await insertRun(database, newRun(incident, { target: 'deployment/y' }), lapsed);
    const [claimed] = await claimDue(database, { by: 'other', leaseMs: 1_000 }, 10, known);

    assert.deepEqual(
      [claimed?.target, claimed?.fence, claimed?.takenFrom, claimed?.late],
      ['deployment/y', 2, 'me', false],
    );
  });

  it('a writer whose run was taken over writes nothing, holds nothing longer', async (t) => {
    const database = await fresh(t);
    const run = await insertRun(database, newRun(await anIncident(database)), lapsed);
    assert.ok(run);
    await claimDue(database, { by: 'other', leaseMs: 60_000 }, 10, known);

    assert.equal(await updateRun(database, run, { state: 'failed' }), false);
    assert.equal(await renewRun(database, run, held), false);
    assert.deepEqual(await database.query('select state, lease_by as by from run'), [
      { state: 'intended', by: 'other' },
    ]);
  });

  it('a lease that is renewed does not run out', async (t) => {
    const database = await fresh(t);
    const run = await insertRun(database, newRun(await anIncident(database)), lapsed);
    assert.ok(run);

    assert.equal(await renewRun(database, run, held), true);
    assert.deepEqual(await claimDue(database, { by: 'other', leaseMs: 1_000 }, 10, known), []);
  });

  it('an action that this version does not know is left to one that does', async (t) => {
    const database = await fresh(t);
    await insertRun(database, newRun(await anIncident(database), { action: 'ofTheNextVersion' }), lapsed);

    assert.deepEqual(await claimDue(database, held, 10, known), []);
  });

  it("a claim says when the deadline has passed, by the store's clock", async (t) => {
    const database = await fresh(t);
    await insertRun(database, newRun(await anIncident(database), { deadlineInMs: -1 }), lapsed);

    const [claimed] = await claimDue(database, held, 10, known);

    assert.equal(claimed?.late, true);
  });

  it('a proposal is approved into an intent once, and not when the target is taken or it was denied', async (t) => {
    const database = await fresh(t);
    const incident = await anIncident(database);
    const options = { breakGlass: false, verifyWithinMs: 1_000 };
    const first = await insertRun(database, newRun(incident, { state: 'proposed' }), held);
    const second = await insertRun(database, newRun(incident, { state: 'proposed' }), held);
    const third = await insertRun(database, newRun(incident, { state: 'proposed', target: 'deployment/z' }), held);
    assert.ok(first && second && third);

    assert.equal(await approve(database, first.id, 'console:sam', true, options), true);
    assert.equal(await approve(database, first.id, 'console:kim', true, options), false);
    assert.equal(await approve(database, second.id, 'console:sam', true, options), false);
    assert.equal(await deny(database, third.id, 'console:sam'), true);
    assert.equal(await approve(database, third.id, 'console:kim', true, options), false);
  });
});

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

    await retain(database);

    const count = async (table: string) => (await database.query(`select from ${table}`)).length;
    assert.deepEqual(
      [await count('incident'), await count('episode'), await count('run'), await count('journal')],
      [2, 2, 2, 2],
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

describe('once', () => {
  it('a key is new the first time only, also to two who ask at once', async (t) => {
    const database = await fresh(t);
    const answers = await Promise.all([firstTime(database, 'a'), firstTime(database, 'a'), firstTime(database, 'b')]);
    assert.deepEqual([answers.filter(Boolean).length, await firstTime(database, 'a')], [2, false]);
  });

  it("an occurrence of a schedule is one replica's", async (t) => {
    const database = await fresh(t);
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((name) => claimOccurrence(database, 'job', 1_000, name)),
    );
    assert.equal(answers.filter(Boolean).length, 1);
    assert.equal(await claimOccurrence(database, 'job', 2_000, 'one'), true);
  });
});

describe('the connection', () => {
  it('a replica that stands still in a transaction loses its locks, and hears of it', async (t) => {
    const database = await fresh(t);
    const stalled = database.transaction(async (sql) => {
      await sql.query('set local idle_in_transaction_session_timeout = 200');
      await sql.query('select pg_advisory_xact_lock(1)');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await sql.query('select 1');
    });
    const refused = assert.rejects(stalled, /postgres/);
    await new Promise((resolve) => setTimeout(resolve, 100));

    await database.transaction(async (sql) => void (await sql.query('select pg_advisory_xact_lock(1)')));
    await refused;
    assert.deepEqual(await database.query('select 1 as one'), [{ one: 1 }]);
  });

  it('a statement that fails in a transaction takes back all of it, those sent along with it included', async (t) => {
    const database = await fresh(t);

    await assert.rejects(
      database.transaction(async (sql) => {
        await Promise.all([
          sql.query(`insert into seen (key) values ('a')`),
          sql.query('select 1 / 0'),
          sql.query(`insert into seen (key) values ('b')`),
        ]);
      }),
      /division by zero/,
    );

    assert.equal((await database.query('select from seen')).length, 0);
  });
});
