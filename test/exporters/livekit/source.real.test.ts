import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RoomServiceClient } from 'livekit-server-sdk';
import { createLiveKitSource, type LiveKitSource } from '../../../exporters/livekit/source.ts';
import { PortError } from '../../../kernel/errors.ts';
import { closeParticipants, type Guest, join } from '../../../lab/cluster/participants.ts';
import { type LiveKitPeer, startLiveKit } from '../../../lab/peers/livekit.ts';
import { type RedisPeer, startRedis } from '../../../lab/peers/redis.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { testLiveKitSource } from './source.contract.ts';

const key = { name: 'devkey', secret: 'a secret of at least 32 characters' };

describe('the live source on two real nodes and a real Redis', {
  skip: skipWithout('livekit-server', 'redis-server'),
}, () => {
  let redis: RedisPeer;
  let a: LiveKitPeer;
  let b: LiveKitPeer;
  let source: LiveKitSource;
  let guests: Guest[];
  const away = async () => {
    // Before the servers: a guest whose server is gone takes half a minute to give up.
    await Promise.all(guests.map((guest) => guest.leave()));
    await Promise.all([a.kill(), b.kill(), redis.stop()]);
  };

  before(async () => {
    redis = await startRedis();
    const options = { redisPort: redis.port, keys: { [key.name]: key.secret } };
    [a, b] = await Promise.all([startLiveKit(options), startLiveKit(options)]);
    source = createLiveKitSource({
      url: `${a.url},${b.url}`,
      apiKey: key.name,
      apiSecret: key.secret,
      redisUrl: redis.url,
      timeoutMs: 2_000,
    });
    await new RoomServiceClient(a.url, key.name, key.secret).createRoom({ name: 'standup', nodeId: a.nodeId });
    guests = await Promise.all(
      ['alice', 'bob'].map((identity) => join({ wsUrl: b.wsUrl, key, room: 'standup', identity })),
    );
  });
  after(async () => {
    await away();
    await source.close();
    await closeParticipants();
  });

  test('a wrong secret is refused, and the error holds neither a token nor a secret', async () => {
    const wrong = createLiveKitSource({ url: a.url, apiKey: key.name, apiSecret: 'another secret of 32 characters!!' });
    for (const read of [() => wrong.listRooms(), () => wrong.listParticipants({ name: 'standup', endpoint: '' })]) {
      await assert.rejects(read, (error) => {
        assert.ok(error instanceof PortError && error.code === 'unauthorized' && !error.retryable);
        assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /eyJ|another secret/);
        return true;
      });
    }
  });

  test('without REDIS_URL, and with a Redis that knows no node, the nodes are an error and not an empty list', async () => {
    const rooms = { url: a.url, apiKey: key.name, apiSecret: key.secret };
    await assert.rejects(
      createLiveKitSource(rooms).readNodes(),
      (error) => error instanceof PortError && error.code === 'unsupported',
    );
    const elsewhere = createLiveKitSource({ ...rooms, redisUrl: `${redis.url}/7` });
    await assert.rejects(elsewhere.readNodes(), (error) => error instanceof PortError && error.code === 'not-found');
    await elsewhere.close();
  });

  test('a Redis that refuses the password does not see it repeated', async () => {
    const refused = createLiveKitSource({
      url: a.url,
      apiKey: key.name,
      apiSecret: key.secret,
      redisUrl: `redis://nobody:hunter2hunter2@127.0.0.1:${redis.port}`,
    });
    await assert.rejects(refused.readNodes(), (error) => {
      assert.ok(error instanceof PortError && error.code === 'unauthorized');
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /hunter2/);
      return true;
    });
    await refused.close();
  });

  test('a Redis that hangs is a timeout, and answers again when it does', async () => {
    redis.signal('SIGSTOP');
    const startedMs = performance.now();
    await assert.rejects(source.readNodes(), (error) => error instanceof PortError && error.retryable);
    assert.ok(performance.now() - startedMs < 3_000);
    redis.signal('SIGCONT');
    assert.equal((await source.readNodes()).length, 2);
  });

  test('one of two endpoints that show the same rooms may be away', async () => {
    const half = createLiveKitSource({ url: `${a.url},http://127.0.0.1:9`, apiKey: key.name, apiSecret: key.secret });
    assert.equal((await half.listRooms()).length, 1);
  });

  testLiveKitSource('the live source', () => ({ source, nodeId: a.nodeId, goAway: away }));
});
