import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import pg from 'pg';
import { createDatabaseAdmin } from '../../../deploy/adapters/postgres.ts';
import { type DatabaseAdmin, initialiseDatabase } from '../../../deploy/database/initialise.ts';
import { type DeclaredDatabase, productDatabase } from '../../../deploy/database/plan.ts';
import { scramVerifier } from '../../../deploy/database/scram.ts';
import { testDatabase } from '../../support/database.ts';

const password = 'a-password-of-the-test';

describe('the initialisation of the database, on a real PostgreSQL', () => {
  let url: string;
  let admin: DatabaseAdmin;
  let declared: DeclaredDatabase;
  let said: string[];

  beforeEach(async () => {
    url = await testDatabase();
    admin = createDatabaseAdmin(url);
    // Names of their own: roles belong to the server, which tests share.
    const suffix = new URL(url).pathname.slice(1, 12);
    declared = { ...productDatabase, name: `gomeet-${suffix}`, user: `app-${suffix}`, readers: `readers-${suffix}` };
    said = [];
  });
  afterEach(() => admin.close());

  const initialise = (on = admin) => initialiseDatabase(on, declared, password, (line) => said.push(line));
  async function asAdmin<T>(work: (client: pg.Client) => Promise<T>, user?: string): Promise<T> {
    const address = new URL(url);
    address.pathname = `/${declared.name}`;
    if (user !== undefined) Object.assign(address, { username: user, password });
    const client = new pg.Client(address.href);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  const makeTables = () =>
    asAdmin(async (client) => {
      await client.query(
        'create table meetings (id int, created_at timestamptz); create table participants (meeting_id int)',
      );
    }, declared.user);
  const validIndexes = () =>
    asAdmin(async (client) => {
      const { rows } = await client.query<{ name: string; valid: boolean }>(
        "select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'idx_%' order by 1",
      );
      return rows;
    });

  it('makes database, user and group; the user signs in and makes tables', async () => {
    const { waits } = await initialise();

    await makeTables();
    assert.equal(waits.length, 2);
    assert.match(waits[0] ?? '', /table meetings is not there yet; the services make it/);
  });

  it('builds both indexes once the tables are there, and does nothing new when run again', async () => {
    await initialise();
    await makeTables();

    await initialise();
    assert.deepEqual(await validIndexes(), [
      { name: 'idx_meetings_created_at', valid: true },
      { name: 'idx_participants_meeting_id', valid: true },
    ]);
    said = [];
    await initialise();
    assert.deepEqual(said, [`grant ${declared.user} the database, ${declared.readers} to read it`]);
  });

  it('is killed after each step and run again: the same end', async () => {
    for (let steps = 1; steps <= 8; steps += 1) {
      let left = steps;
      const killed: DatabaseAdmin = {
        ...admin,
        async carryOut(step, of, secret) {
          await admin.carryOut(step, of, secret);
          left -= 1;
          if (left === 0) throw new Error('killed');
        },
      };
      await initialise(killed).catch(() => undefined);
      if (steps === 5) {
        await initialise();
        await makeTables();
      }
    }
    await initialise();
    assert.deepEqual(
      (await validIndexes()).map(({ valid }) => valid),
      [true, true],
    );
  });

  it('builds anew an index whose build was cut short, beside a writer', async () => {
    await initialise();
    await makeTables();
    await asAdmin(async (writer) => {
      await writer.query('begin');
      await writer.query('insert into meetings values (1, now())');
      const builder = createDatabaseAdmin(url);
      // The build waits for the writer's transaction; it is ended there, as by a kill.
      const building = initialiseDatabase(builder, declared, password, () => undefined).catch(
        (error: Error) => error.message,
      );
      await asAdmin(async (client) => {
        for (let tries = 0; tries < 200; tries += 1) {
          const { rowCount } = await client.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'create index concurrently%' and pid <> pg_backend_pid() and wait_event_type = 'Lock'",
          );
          if (rowCount !== null && rowCount > 0) return;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        assert.fail('no build to end');
      });
      assert.match(String(await building), /terminat|connection/i);
      await builder.close();
      await writer.query('commit');
    });
    assert.deepEqual((await validIndexes())[0], { name: 'idx_meetings_created_at', valid: false });

    await initialise();

    assert.ok(said.some((line) => line.startsWith('drop what an interrupted build left of idx_meetings_created_at')));
    assert.deepEqual(
      (await validIndexes()).map(({ valid }) => valid),
      [true, true],
    );
  });

  it('sends no password: what the server is told is a verifier', async () => {
    await initialise();

    const stored = await asAdmin(async (client) => {
      const { rows } = await client.query<{ rolpassword: string }>(
        'select rolpassword from pg_authid where rolname = $1',
        [declared.user],
      );
      return rows[0]?.rolpassword ?? '';
    });
    assert.match(stored, /^SCRAM-SHA-256\$4096:/);
    const salt = Buffer.from(/:([^$]+)\$/.exec(stored)?.[1] ?? '', 'base64');
    assert.equal(stored, scramVerifier(password, salt));
  });

  it('says that the server cannot be reached, without its address or password', async () => {
    const away = createDatabaseAdmin('postgres://someone:very-secret-1@127.0.0.1:1/db');

    await assert.rejects(
      away.observe(declared),
      (error: Error) => /postgresql/.test(error.message) && !error.message.includes('very-secret-1'),
    );
  });
});
