import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import type { Core } from '../../../responders/core.ts';
import { startClockwork } from '../../../responders/reconcile/clockwork.ts';
import { type Database, openDatabase } from '../../../responders/store/database.ts';
import { migrate } from '../../../responders/store/migrations.ts';
import { nextRun, putNextRun } from '../../../responders/store/once.ts';
import { eventually } from '../../lab/cluster/eventually.ts';
import { testDatabase } from '../../support/database.ts';

const replica = (database: Database, name: string) =>
  ({ database, name, clock: systemClock, log: silentLog }) as unknown as Core;
const never = '0 0 1 1 *';

async function twoReplicas(pattern: string, run: () => Promise<void>, before?: (database: Database) => Promise<void>) {
  const database = openDatabase(await testDatabase());
  await migrate(database);
  await before?.(database);
  const stops = await Promise.all(
    ['one', 'two'].map((name) => startClockwork(replica(database, name), [{ name: 'nightly', pattern, run }])),
  );
  return { database, stop: async () => void (await Promise.all(stops.map((stop) => stop()))) };
}

describe('The calendar of two replicas on one store', () => {
  it('runs each occurrence on one of them', async () => {
    let runs = 0;
    const { database, stop } = await twoReplicas('* * * * * *', async () => {
      runs += 1;
    });
    try {
      const claims = () =>
        database.query<{ atMs: number }>('select extract(epoch from at)::float8 * 1000 as "atMs" from occurrence');
      await eventually('five occurrences', async () => ((await claims()).length >= 5 ? true : undefined));
      await stop();
      // One may be claimed and not yet under way.
      await eventually('as many runs as claims', async () => ((await claims()).length === runs ? true : undefined));
      const rows = await claims();
      const seconds = rows.map(({ atMs }) => Math.floor(atMs / 1_000));
      assert.equal(new Set(seconds).size, rows.length, 'no second is there twice');
    } finally {
      await stop();
      await database.close();
    }
  });

  it('makes good once what fell due while neither ran', async () => {
    let runs = 0;
    const { database, stop } = await twoReplicas(
      never,
      async () => {
        runs += 1;
      },
      (store) => putNextRun(store, 'nightly', Date.now() - 3_600_000),
    );
    try {
      assert.equal(runs, 1);
      assert.ok(((await nextRun(database, 'nightly')) ?? 0) > Date.now());
    } finally {
      await stop();
      await database.close();
    }
  });

  it('goes on after a run that failed, and does not run it again', async () => {
    let tries = 0;
    const { database, stop } = await twoReplicas(
      never,
      async () => {
        tries += 1;
        throw new Error('the disk is full');
      },
      (store) => putNextRun(store, 'nightly', Date.now() - 60_000),
    );
    try {
      assert.equal(tries, 1);
    } finally {
      await stop();
      await database.close();
    }
  });
});
