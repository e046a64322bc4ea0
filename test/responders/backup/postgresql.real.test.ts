import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../kernel/clock.ts';
import { type PostgresPeer, startPostgres } from '../../../lab/peers/postgres.ts';
import { type S3Peer, startS3 } from '../../../lab/peers/s3.ts';
import { postgresSource, postgresTarget } from '../../../responders/adapters/backup/postgres.ts';
import { findPostgresTools } from '../../../responders/adapters/backup/postgres-tools.ts';
import { findZstd, type Zstd } from '../../../responders/adapters/backup/zstd.ts';
import type { ObjectStore, RestoreTarget } from '../../../responders/backup/define.ts';
import { findBackup, inventory } from '../../../responders/backup/inventory.ts';
import { type Restored, restoreBackup } from '../../../responders/backup/restore.ts';
import { query } from '../../support/query.ts';
import { backUp, bucketOf, identity } from './stage.ts';

let postgres: PostgresPeer;
let s3: S3Peer;
let store: ObjectStore;
let production: string;
const zstd = findZstd();
/** A backup is named by its second. */
let made = 0;

before(async () => {
  [postgres, s3] = await Promise.all([startPostgres(), startS3()]);
  store = await bucketOf(s3);
  await query(postgres.url, 'create database gomeet');
  production = postgres.at('gomeet');
  await query(
    production,
    `create table users (id serial primary key, name text not null, seen timestamptz, raw bytea);
     create index users_name on users (name);
     create table meetings (id bigint primary key, host int references users (id), facts jsonb);
     create table parts (at date, text text) partition by range (at);
     create table parts_a partition of parts for values from ('2026-01-01') to ('2027-01-01');
     create view hosts as select u.name from users u join meetings m on m.host = u.id;
     insert into users (name, seen, raw) select 'Ünï ' || n, now() + n * interval '1 s', sha256(n::text::bytea) from generate_series(1, 20000) n;
     insert into meetings select n, n, jsonb_build_object('n', n, 'nothing', null) from generate_series(1, 5000) n;
     insert into parts select '2026-03-01'::date + n % 100, repeat('x', n % 50) from generate_series(1, 3000) n;`,
  );
});
after(async () => {
  await Promise.all([postgres?.stop(), s3?.stop()]);
});

/** Every table, and a hash over every row of it. */
async function content(url: string): Promise<Record<string, unknown>[]> {
  return await query(
    url,
    `select 'users' as name, count(*), sum(hashtextextended(users::text, 0)::numeric)::text as hash from users
     union all select 'meetings', count(*), sum(hashtextextended(meetings::text, 0)::numeric)::text from meetings
     union all select 'parts', count(*), sum(hashtextextended(parts::text, 0)::numeric)::text from parts
     union all select 'hosts', count(*), sum(hashtextextended(hosts::text, 0)::numeric)::text from hosts
     union all select indexname, 0, indexdef from pg_indexes where schemaname = 'public' order by 1`,
  );
}

const targetNamed = (database: string, more: { scratch?: boolean; zstd?: Zstd } = {}): RestoreTarget =>
  postgresTarget({ url: postgres.url, database, productionUrl: production, now: () => Date.now(), ...more });

async function restore(
  target: RestoreTarget,
  more: Partial<Parameters<typeof restoreBackup>[0]> = {},
): Promise<Restored> {
  const [result] = await restoreBackup({
    store,
    manifest: await findBackup(store, 'latest'),
    identity,
    targets: [target],
    overProduction: false,
    dryRun: false,
    now: () => Date.now(),
    signal: new AbortController().signal,
    ...more,
  });
  assert.ok(result);
  return result;
}

describe('a backup of a real PostgreSQL', () => {
  for (const [how, packedWith, unpackedWith] of [
    ['by programs all the way', zstd, zstd],
    ['packed by a program, unpacked here', zstd, false],
    ['packed here, where a program could unpack it', false, zstd],
    ['without a program', false, false],
  ] as const)
    it(`brings everything back after the database was destroyed, ${how}`, async () => {
      const before = await content(production);
      made += 1;
      const { manifest } = await backUp(store, [postgresSource(production, { zstd: packedWith })], {
        clock: { ...systemClock, now: () => Date.now() - 600_000 + made * 1_000 },
      });
      const [part] = manifest.parts;
      assert.deepEqual(part?.counts, { 'public.meetings': 5000, 'public.parts': 3000, 'public.users': 20000 });
      assert.equal(part.plainSha256 === undefined, packedWith !== false);
      assert.ok((part.plainBytes ?? 0) > part.storedBytes && part.storedBytes > 0);
      await query(postgres.url, 'drop database gomeet with (force)');
      const result = await restore(targetNamed('gomeet', { zstd: unpackedWith }), { overProduction: true });
      assert.ok(result.ok, result.says);
      assert.deepEqual(await content(production), before);
    });

  it('is whole also with a zstd that tells no bytes in words we know', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'gomeet-zstd-'));
    t.after(() => rm(folder, { recursive: true }));
    const quiet = join(folder, 'zstd');
    writeFileSync(quiet, `#!/bin/sh\nexec ${zstd} "$@" 2>/dev/null\n`, { mode: 0o755 });
    made += 1;
    const { manifest } = await backUp(store, [postgresSource(production, { zstd: quiet })], {
      clock: { ...systemClock, now: () => Date.now() - 600_000 + made * 1_000 },
    });
    assert.equal(manifest.parts[0]?.plainBytes, undefined);
    for (const way of [quiet, zstd, false] as const) {
      const result = await restore(targetNamed('quiet', { zstd: way, scratch: true }), { manifest });
      assert.ok(result.ok, result.says);
      assert.deepEqual(await content(postgres.at('quiet')), await content(production));
    }
  });

  it('is made here where no pipe can be made between programs', async (t) => {
    const usual = process.env['TMPDIR'];
    t.after(() => {
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
    });
    process.env['TMPDIR'] = '/nowhere-to-be-found';
    const dump = await postgresSource(production, { zstd }).dump(new AbortController().signal);
    assert.equal(dump.packed, false);
    for await (const _piece of dump.stream);
    assert.equal((await dump.facts()).counts?.['public.users'], 20_000);
  });

  it('leaves the target alone when what was stored was changed, cut or taken for another, on either way', async () => {
    made += 1;
    const { manifest } = await backUp(store, [postgresSource(production)], {
      clock: { ...systemClock, now: () => Date.now() - 600_000 + made * 1_000 },
    });
    const path = join(s3.folder, s3.bucket, manifest.parts[0]?.key ?? '');
    const whole = readFileSync(path);
    for (const way of [zstd, false] as const)
      for (const [bad, reason] of [
        [Buffer.from(whole).fill(0, whole.length >> 1, (whole.length >> 1) + 1), /it was changed/],
        [whole.subarray(0, 70_000), /cut short/],
        [Buffer.alloc(0), /it is empty/],
        [Buffer.from('PK\u0003\u0004'.repeat(100)), /no age file/],
      ] as const) {
        writeFileSync(path, bad);
        const result = await restore(targetNamed('bad', { zstd: way }));
        assert.equal(result.ok, false);
        assert.match(result.says, reason);
        assert.deepEqual(await query(postgres.url, `select 1 from pg_database where datname = 'bad'`), []);
      }
    writeFileSync(path, whole);
    const other = manifest.parts.map((part) => ({ ...part, plainBytes: (part.plainBytes ?? 0) + 1 }));
    for (const way of [zstd, false] as const) {
      const result = await restore(targetNamed('bad', { zstd: way }), { manifest: { ...manifest, parts: other } });
      assert.match(result.says, /instead of|another checksum of the dump/);
      assert.deepEqual(await query(postgres.url, `select 1 from pg_database where datname = 'bad'`), []);
    }
  });

  it('is of one moment: what is written while it is made is in neither dump nor counts', async () => {
    const source = postgresSource(production);
    const dump = await source.dump(new AbortController().signal);
    await query(production, `insert into users (name) values ('late')`);
    dump.stream.resume();
    const { counts } = await dump.facts();
    assert.equal(counts['public.users'], 20000);
    await query(production, `delete from users where name = 'late'`);
  });

  it('goes over production only when a second person agreed, and keeps what was there', async () => {
    await assert.rejects(restore(targetNamed('gomeet')), /second person/);
    await query(production, 'update meetings set host = 1');
    const result = await restore(targetNamed('gomeet'), { overProduction: true });
    const kept = /kept as (\w+)/.exec(result.says)?.[1] ?? '';
    assert.deepEqual(await query(postgres.at(kept), 'select count(*) from meetings where host = 1'), [
      { count: '5000' },
    ]);
    assert.deepEqual(await query(production, 'select count(*) from meetings where host = 1'), [{ count: '1' }]);
  });

  it('says in a dry run what it would do, and does nothing', async () => {
    const result = await restore(targetNamed('elsewhere'), { dryRun: true });
    assert.match(result.says, /make the database .*elsewhere/);
    assert.deepEqual(await query(postgres.url, `select 1 from pg_database where datname like 'elsewhere%'`), []);
  });

  it('begins anew what broke off half way, and leaves the target alone until it is whole', async () => {
    await query(postgres.url, 'create database half__restoring');
    await query(postgres.at('half__restoring'), 'create table rubbish ()');
    const result = await restore(targetNamed('half'));
    assert.ok(result.ok, result.says);
    assert.deepEqual(await query(postgres.at('half'), `select to_regclass('rubbish') as found`), [{ found: null }]);
    assert.deepEqual(await query(postgres.url, `select 1 from pg_database where datname = 'half__restoring'`), []);
  });

  it('knows its own work again when the answer was lost, and makes no second copy', async () => {
    const stamped = () =>
      postgresTarget({
        url: postgres.url,
        database: 'gomeet',
        productionUrl: production,
        stamp: 'run-7/1',
        // What is kept is named by the second, and another test has restored in this one.
        now: () => Date.now() + 3_600_000,
      });
    const copies = `select count(*)::int as n from pg_database where datname like 'gomeet_before_%'`;
    assert.match((await restore(stamped(), { overProduction: true })).says, /kept as/);
    const [before] = await query(postgres.url, copies);
    assert.match((await restore(stamped(), { overProduction: true })).says, /restored by an earlier try/);
    assert.deepEqual(await query(postgres.url, copies), [before]);
  });

  it('drops a scratch database after the check', async () => {
    const target = targetNamed('scratch_check', { scratch: true });
    assert.ok((await restore(target)).ok);
    await target.drop?.();
    assert.deepEqual(await query(postgres.url, `select 1 from pg_database where datname like 'scratch_check%'`), []);
  });

  it('refuses a name that is none and a password that is wrong, without naming it', async () => {
    await assert.rejects(restore(targetNamed('Robert"; drop')), /small letters/);
    await assert.rejects(
      backUp(store, [postgresSource('postgresql://gomeet:hunter2@127.0.0.1:1/gomeet')], {
        clock: { now: () => Date.now() + 60_000, sleep: async () => undefined },
      }),
      (error: Error) => /cannot be reached/.test(error.message) && !error.message.includes('hunter2'),
    );
  });

  for (const way of [zstd, false] as const)
    it(`loses nothing when the connection ends in the middle of a dump, ${way === false ? 'packed here' : 'packed by a program'}`, async () => {
      const finished = (await inventory(store)).filter((one) => one.finished).length;
      const source = postgresSource(production, { zstd: way });
      const dropped = {
        ...source,
        async dump(signal: AbortSignal) {
          const dump = await source.dump(signal);
          const end = `select pg_terminate_backend(pid) from pg_stat_activity where query like 'COPY %'`;
          while ((await query(postgres.url, end)).length === 0) await delay(5);
          // It has ended before anyone reads it, which happens to be the harder case.
          await delay(100);
          return dump;
        },
      };
      await query(
        production,
        `create table wide as select repeat(md5(n::text), 30) as text from generate_series(1, 60000) n`,
      );
      await assert.rejects(backUp(store, [dropped]), /postgresql: .*(pg_dump|Connection)/);
      await query(production, 'drop table wide');
      assert.equal((await inventory(store)).filter((one) => one.finished).length, finished);
      const { manifest } = await backUp(store, [source], {
        clock: { ...systemClock, now: () => Date.now() + made++ * 1_000 },
      });
      assert.deepEqual(manifest.missing, []);
      assert.equal(await store.abortUnfinished('backups/'), 0);
    });

  it('says that the disk of the server is full, leaves what stands there alone, and loses nothing', async () => {
    const small = await startPostgres({ fast: true, fileLimitBytes: 20 * 2 ** 20 });
    try {
      await query(small.url, 'create database held');
      await query(small.at('held'), 'create table kept as select 1 as n');
      await query(postgres.url, 'create database wide');
      await query(
        postgres.at('wide'),
        'create table wide as select n, repeat(md5(n::text), 40) as text from generate_series(1, 25000) n',
      );
      // By its own name: others of this file were begun later by their clocks.
      const { manifest } = await backUp(store, [postgresSource(postgres.at('wide'))]);

      const into = (url: string, database: string, way = zstd) =>
        postgresTarget({ url, database, productionUrl: undefined, now: () => Date.now(), zstd: way });
      for (const way of [zstd, false] as const) {
        const refused = await restore(into(small.url, 'held', way), { manifest });
        assert.equal(refused.ok, false);
        assert.match(refused.says, /could not extend file/);
        assert.deepEqual(await query(small.at('held'), 'select n from kept'), [{ n: 1 }]);
      }

      const whole = await restore(into(postgres.url, 'wide_again'), { manifest });
      assert.ok(whole.ok, whole.says);
      assert.equal(whole.bytes > 20 * 2 ** 20, true);
    } finally {
      await small.stop();
    }
  });

  it('says how to get the client programs of a server’s major', async () => {
    await assert.rejects(
      findPostgresTools(99),
      /pg_dump 99 is missing.+apt-get install postgresql-client-99 \(.+ is 15/,
    );
  });
});
