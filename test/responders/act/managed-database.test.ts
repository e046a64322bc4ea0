import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { managedDatabase, memoryDatabases } from '../../../lab/fakes/memory-databases.ts';
import { promoteReplica, restoreManaged } from '../../../responders/act/managed-database.ts';
import { actRig } from '../../support/act-ports.ts';
import { planOf, playProcedure } from '../../support/play-procedure.ts';
import { nowMs } from '../../support/situation.ts';

const account = () =>
  memoryDatabases(
    [
      managedDatabase({ name: 'gomeet-db' }),
      managedDatabase({ name: 'gomeet-valkey', engine: 'valkey', version: '8' }),
    ],
    {
      backupsAtMs: [nowMs - 48 * 3_600_000, nowMs - 24 * 3_600_000],
      replicas: ['replica-a'],
    },
  );
const promote = (databases: ReturnType<typeof account>, params: object, more: { killAt?: number } = {}) =>
  playProcedure(promoteReplica, params, actRig({ databases }).ports, more);

describe('A failover that can be commanded', () => {
  it('promotes a replica once and waits until it is a primary, whenever it is killed', async () => {
    for (const killAt of [undefined, 0, 1, 2]) {
      const databases = account();
      const wish = { database: 'gomeet-db', replica: 'replica-a' };
      const { verdict, steps } = await promote(databases, wish, killAt === undefined ? {} : { killAt });
      assert.equal(verdict, 'verified', `killed after ${killAt}`);
      assert.deepEqual(databases.writes, ['promote gomeet-db/replica-a'], `killed after ${killAt}`);
      assert.match(steps[0]?.saw ?? '', /gomeet-db is online/);
    }
  });

  it('refuses a replica and a database that there are not, naming those there are', async () => {
    const databases = account();
    assert.match(
      (await promote(databases, { database: 'gomeet-db', replica: 'replica-z' })).saw,
      /no replica replica-z/,
    );
    assert.match(
      (await promote(databases, { database: 'nothing', replica: 'x' })).saw,
      /there are gomeet-db, gomeet-valkey/,
    );
    assert.deepEqual(databases.writes, []);
  });
});

describe("A restore by the service's own backups", () => {
  const restore = (databases: ReturnType<typeof account>, params: object, more: { killAt?: number } = {}) =>
    playProcedure(restoreManaged, params, actRig({ databases }).ports, more);

  it('makes one new cluster from the newest backup, whenever it is killed', async () => {
    for (const killAt of [0, 1, 2]) {
      const databases = account();
      const { verdict } = await restore(databases, { database: 'gomeet-db', as: 'gomeet-db-2' }, { killAt });
      assert.equal(verdict, 'verified', `killed after ${killAt}`);
      assert.deepEqual(databases.writes, [
        `restore gomeet-db of ${new Date(nowMs - 24 * 3_600_000).toISOString()} as gomeet-db-2`,
      ]);
    }
  });

  it('takes the newest one before a moment, and says when there is none', async () => {
    const databases = account();
    await restore(databases, { database: 'gomeet-db', as: 'a', atMs: nowMs - 30 * 3_600_000 });
    assert.match(databases.writes[0] ?? '', new RegExp(new Date(nowMs - 48 * 3_600_000).toISOString()));
    assert.match(
      (await restore(databases, { database: 'gomeet-db', as: 'b', atMs: 1_000 })).saw,
      /no backup before 1970/,
    );
  });

  it('says that the service keeps none of Valkey, and restores over nothing', async () => {
    const databases = account();
    assert.match((await restore(databases, { database: 'gomeet-valkey', as: 'c' })).saw, /keeps no backups of Valkey/);
    assert.match(
      JSON.stringify(planOf(restoreManaged, { database: 'gomeet-db', as: 'gomeet-db' }, {})),
      /into a new cluster only/,
    );
    assert.deepEqual(databases.writes, []);
  });
});
