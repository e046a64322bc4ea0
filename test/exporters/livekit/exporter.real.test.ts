import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RoomServiceClient } from 'livekit-server-sdk';
import { createClient } from 'redis';
import { type LiveKitExporter, startLiveKitExporter } from '../../../exporters/livekit/main.ts';
import { createLiveKitSource, createWebhookVerifier } from '../../../exporters/livekit/source.ts';
import type { Log } from '../../../kernel/log.ts';
import { closeParticipants, type Guest, join } from '../../../lab/cluster/participants.ts';
import { type LiveKitPeer, startLiveKit } from '../../../lab/peers/livekit.ts';
import { freeTcpPort } from '../../../lab/peers/ports.ts';
import { type RedisPeer, startRedis } from '../../../lab/peers/redis.ts';
import { skipWithout } from '../../support/skip-without.ts';

const key = { name: 'devkey', secret: 'a secret of at least 32 characters' };
const keys = { apiKey: key.name, apiSecret: key.secret };
const intervalMs = 500;

/** Everything that was logged, as text. */
let logged = '';
const note = (fields: object, message: string) => {
  logged += `${JSON.stringify(fields)} ${message}\n`;
};
const log: Log = { info: note, warn: note, error: note };

let redis: RedisPeer;
let a: LiveKitPeer;
let b: LiveKitPeer;
let island: LiveKitPeer;
let exporter: LiveKitExporter;
let admin: RoomServiceClient;
const guests: Guest[] = [];

async function metrics(url = `http://127.0.0.1:${exporter.port}/metrics`): Promise<string> {
  return (await fetch(url)).text();
}

/** The sum over the series of one name whose labels hold `part`; undefined when there is none. */
async function sum(name: string, part = '', url?: string): Promise<number | undefined> {
  const lines = (await metrics(url))
    .split('\n')
    .filter((line) => new RegExp(`^${name}[{ ]`).test(line) && line.includes(part));
  return lines.length === 0
    ? undefined
    : lines.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
}

async function until(what: string, holds: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `did not come about: ${what}\n${await metrics()}`);
    await delay(100);
  }
}

async function joinStandup(identity: string, wsUrl: string): Promise<Guest> {
  const guest = await join({ wsUrl, key, room: 'standup', identity });
  guests.push(guest);
  return guest;
}

const people = () => sum('gomeet_participants');

describe('the exporter on real LiveKit nodes', { skip: skipWithout('livekit-server', 'redis-server') }, () => {
  before(async () => {
    const port = await freeTcpPort();
    redis = await startRedis();
    const options = {
      redisPort: redis.port,
      keys: { [key.name]: key.secret },
      webhookUrls: [`http://127.0.0.1:${port}/livekit/webhook`],
    };
    const { redisPort: _, ...alone } = options;
    [a, b, island] = await Promise.all([startLiveKit(options), startLiveKit(options), startLiveKit(alone)]);
    exporter = await startLiveKitExporter({
      source: createLiveKitSource({ url: `${a.url},${b.url},${island.url}`, ...keys, redisUrl: redis.url }),
      verifyWebhook: createWebhookVerifier(keys),
      address: { host: '127.0.0.1', port },
      log,
      intervalMs,
    });
    admin = new RoomServiceClient(b.url, key.name, key.secret);
    await admin.createRoom({ name: 'standup', nodeId: a.nodeId });
  });
  after(async () => {
    await Promise.all(guests.map((guest) => guest.leave()));
    await exporter.close();
    await Promise.all([a.kill(), b.kill(), island.kill()]);
    await redis.stop();
    await closeParticipants();
  });

  test('each participant counts once, while LiveKit counts those twice whose connection comes through the other node', async () => {
    for (const identity of ['alice', 'bob', 'carol', 'dave']) await joinStandup(identity, b.wsUrl);
    await until('four participants', async () => (await people()) === 4);
    const own = await Promise.all([a, b].map(({ metricsUrl }) => sum('livekit_participant_total', '', metricsUrl)));
    assert.deepEqual(own, [4, 4]);
    // It stays so, and is not a number that happened to pass.
    for (let polls = 0; polls < 4; polls += 1) {
      await delay(intervalMs);
      assert.equal(await people(), 4);
    }
    assert.equal(await sum('gomeet_sfu_node_participants', a.nodeId), 4);
    assert.equal(await sum('gomeet_sfu_node_participants', b.nodeId), 0);
  });

  test('joins and leaves come from signed webhooks, once each', async () => {
    await guests[3]?.leave();
    await until('three participants', async () => (await people()) === 3);
    await delay(3 * intervalMs);
    assert.equal(await sum('gomeet_participant_joins_total'), 4);
    assert.equal(await sum('gomeet_participant_leaves_total', 'client_initiated'), 1);
    assert.equal(await sum('gomeet_participant_leaves_total', 'unreported'), undefined);
    assert.equal(await sum('gomeet_exporter_source_up', 'webhooks'), 1);
  });

  test('nothing is split while the cluster is whole', async () => {
    assert.equal(await sum('gomeet_rooms_split'), 0);
    assert.equal(await sum('gomeet_rooms'), 1);
  });

  test('a meeting that also runs on a node without the shared Redis is split', async () => {
    const stray = await joinStandup('erin', island.wsUrl);
    await until('a split room', async () => (await sum('gomeet_rooms_split')) === 1);
    assert.equal(await people(), 4);
    await stray.leave();
    await new RoomServiceClient(island.url, key.name, key.secret).deleteRoom('standup');
    await until('no split room', async () => (await sum('gomeet_rooms_split')) === 0);
  });

  test('a meeting that is placed anew after Redis lost the room map is split', async () => {
    await admin.createRoom({ name: 'retro', nodeId: a.nodeId });
    guests.push(await join({ wsUrl: a.wsUrl, key, room: 'retro', identity: 'frank' }));
    const client = await createClient({ url: redis.url }).connect();
    await client.hDel('room_node_map', 'retro');
    await delay(4 * intervalMs);
    assert.equal(await sum('gomeet_rooms_split'), 0, 'missing from the map is not split yet');
    await client.hDel('rooms', 'retro');
    await admin.createRoom({ name: 'retro', nodeId: b.nodeId });
    guests.push(await join({ wsUrl: b.wsUrl, key, room: 'retro', identity: 'grace' }));
    await until('a split room', async () => (await sum('gomeet_rooms_split')) === 1);
    client.destroy();
  });

  test('a draining node is seen as draining, has no slot, and goes on being counted', async () => {
    a.drain();
    await until(
      'draining',
      async () => (await sum('gomeet_sfu_node_state', `node_id="${a.nodeId}",state="draining"`)) === 1,
    );
    assert.equal(await sum('gomeet_sfu_node_state', `node_id="${a.nodeId}",state="serving"`), 0);
    assert.equal(await sum('gomeet_sfu_node_free_slots', a.nodeId), 0);
    assert.equal(await sum('gomeet_sfu_node_participants', a.nodeId), 3);
    assert.equal(await sum('gomeet_sfu_node_state', `node_id="${b.nodeId}",state="serving"`), 1);
  });

  test('a node that is killed is lost, and its people are not counted any more', async () => {
    const before = await people();
    await a.kill();
    await until('lost', async () => (await sum('gomeet_sfu_node_state', `node_id="${a.nodeId}",state="lost"`)) === 1);
    assert.equal(await people(), (before ?? 0) - 3);
  });

  test('neither the metrics nor the log name a person, a meeting, a token or a secret', async () => {
    const shown = `${await metrics()}\n${logged}`;
    assert.match(shown, /gomeet_rooms /);
    assert.match(logged, /source answers/);
    assert.doesNotMatch(shown, /standup|retro|alice|bob|turnPassword|eyJ|a secret of/);
    const rooms = await admin.listRooms();
    const passwords = rooms.map(({ turnPassword }) => turnPassword).filter((password) => password !== '');
    assert.notEqual(passwords.length, 0);
    for (const password of passwords) assert.equal(shown.includes(password), false);
  });
});
