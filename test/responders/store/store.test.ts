import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accept, inboxState, setAside, takeInbox } from '../../../responders/intake/inbox.ts';
import { openDatabase } from '../../../responders/store/database.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { migrate } from '../../../responders/store/migrations.ts';
import { claimOccurrence, firstTime } from '../../../responders/store/once.ts';
import { approve, claimDue, deny, insertRun, renewRun, updateRun } from '../../../responders/store/runs.ts';
import { testDatabase } from '../../support/database.ts';
import { anIncident, fresh, held, known, lapsed, newRun } from './stage.ts';

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
