import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createClient } from 'redis';
import { type RedisPeer, startRedis } from '../../../lab/peers/redis.ts';
import { type S3Peer, startS3 } from '../../../lab/peers/s3.ts';
import { valkeySource, valkeyTarget } from '../../../responders/adapters/backup/valkey.ts';
import type { ObjectStore } from '../../../responders/backup/define.ts';
import type { Manifest } from '../../../responders/backup/manifest.ts';
import { restoreBackup } from '../../../responders/backup/restore.ts';
import { backUp, bucketOf, identity } from './stage.ts';

let source: RedisPeer;
let target: RedisPeer;
let s3: S3Peer;
let store: ObjectStore;
let manifest: Manifest;

before(async () => {
  [source, target, s3] = await Promise.all([startRedis(), startRedis(), startS3()]);
  store = await bucketOf(s3);
  await withClient(source.url, async (client) => {
    for (let n = 0; n < 2_500; n += 1)
      await client.set(`session:${n}`, `token ${n}`, n % 2 === 0 ? { PX: 3_600_000 } : {});
    await client.hSet('user:1', { name: 'Ünï', raw: Buffer.from([0, 255, 10, 13]).toString('latin1') });
    await client.zAdd('queue', [
      { score: 1, value: 'a' },
      { score: 2.5, value: 'b' },
    ]);
    await client.lPush('list', ['x', 'y']);
    await client.xAdd('stream', '*', { n: '1' });
    await client.hSet('room_node_map', 'standup', 'ND_gone');
    await client.hSet('room_participants:standup', 'a', 'b');
  });
  ({ manifest } = await backUp(store, [valkeySource(source.url)]));
});
after(async () => {
  await Promise.all([source?.stop(), target?.stop(), s3?.stop()]);
});

async function withClient<T>(url: string, work: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
  const client = createClient({ url });
  await client.connect();
  try {
    return await work(client as ReturnType<typeof createClient>);
  } finally {
    client.destroy();
  }
}

const restore = (overProduction = false, productionUrl = source.url, url = target.url) =>
  restoreBackup({
    store,
    manifest,
    identity,
    targets: [valkeyTarget({ url, name: 'drill', productionUrl })],
    overProduction,
    dryRun: false,
    now: () => Date.now(),
    signal: new AbortController().signal,
  });

describe('a backup of a real Redis', () => {
  it('counts what is ours and what LiveKit wrote apart', () => {
    assert.deepEqual(manifest.parts[0]?.counts, { keys: 2_504, 'LiveKit keys': 2 });
  });

  it('brings every kind of value back with its time to live, and not the room map of a time that is over', async () => {
    const [result] = await restore();
    assert.ok(result?.ok, result?.says);
    await withClient(target.url, async (client) => {
      assert.equal(await client.get('session:7'), 'token 7');
      const ttl = Number(await client.pTTL('session:8'));
      assert.ok(ttl > 3_000_000 && ttl <= 3_600_000, String(ttl));
      assert.equal(await client.pTTL('session:7'), -1);
      assert.deepEqual({ ...(await client.hGetAll('user:1')) }, { name: 'Ünï', raw: '\u0000ÿ\n\r' });
      assert.equal(await client.zScore('queue', 'b'), 2.5);
      assert.deepEqual(await client.lRange('list', 0, -1), ['y', 'x']);
      assert.equal(await client.xLen('stream'), 1);
      assert.equal(await client.exists('room_node_map'), 0);
      assert.equal(await client.exists('gomeet:restoring'), 0);
    });
  });

  it('goes on with a restore that broke off, and refuses a Valkey that holds something else', async () => {
    await assert.rejects(restore(), /holds 2504 keys: a restore wants an empty one/);
    await withClient(target.url, async (client) => {
      await client.flushAll();
      await client.set('gomeet:restoring', 'then');
      await client.set('session:1', 'half');
    });
    const [result] = await restore();
    assert.ok(result?.ok, result?.says);
    assert.equal(await withClient(target.url, (client) => client.get('session:1')), 'token 1');
  });

  it('goes over production only when a second person agreed', async () => {
    await assert.rejects(restore(false, target.url), /second person/);
    const [result] = await restore(true, target.url);
    assert.ok(result?.ok, result?.says);
  });

  it('says that the server is away', async () => {
    await assert.rejects(
      backUp(store, [valkeySource('redis://:hunter2@127.0.0.1:1')]),
      (error: Error) => /valkey: .*cannot be reached/.test(error.message) && !error.message.includes('hunter2'),
    );
  });
});
