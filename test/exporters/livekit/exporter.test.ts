import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { type LiveKitExporter, startLiveKitExporter } from '../../../exporters/livekit/main.ts';
import { livekitExporterMetrics } from '../../../exporters/metrics/livekit-exporter.ts';
import { silentLog } from '../../../kernel/log.ts';
import { type FakeLiveKit, fakeLiveKit, fakeNode, fakeRoom } from '../../../lab/fakes/livekit-source.ts';

let fake: FakeLiveKit;
let exporter: LiveKitExporter;
// The clock that the exporter sees: it collects, goes to sleep, and is woken by `tick`.
let nowMs = 1_000_000;
let asleep = Promise.withResolvers<void>();
let wake = Promise.withResolvers<void>();
const clock = {
  now: () => nowMs,
  sleep(_ms: number, signal?: AbortSignal) {
    asleep.resolve();
    signal?.addEventListener('abort', () => wake.resolve());
    return wake.promise;
  },
};

before(async () => {
  fake = fakeLiveKit();
  exporter = await startLiveKitExporter({
    source: fake,
    address: { host: '127.0.0.1', port: 0 },
    log: silentLog,
    clock,
    verifyWebhook: async () => undefined,
  });
});
after(() => exporter.close());
beforeEach(async () => {
  fake.rooms = [fakeRoom('standup', 12), fakeRoom('town-hall', 450)];
  fake.nodes = [fakeNode('ND_a'), fakeNode('ND_b', { state: 'draining' })];
  fake.map.clear();
  fake.map.set('standup', 'ND_a').set('town-hall', 'ND_b');
  fake.away.clear();
  await tick(0);
});

/** Moves the clock on and lets one collection run to its end. */
async function tick(ms: number): Promise<void> {
  await asleep.promise;
  nowMs += ms;
  asleep = Promise.withResolvers<void>();
  const woken = wake;
  wake = Promise.withResolvers<void>();
  woken.resolve();
  await asleep.promise;
}

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${exporter.port}${path}`);
  return { status: response.status, text: await response.text() };
}

async function samples(): Promise<ReadonlyMap<string, number>> {
  const { text } = await get('/metrics');
  return new Map(
    text.split('\n').flatMap((line) => {
      const at = line.lastIndexOf(' ');
      return line.startsWith('gomeet_') ? [[line.slice(0, at), Number(line.slice(at + 1))] as const] : [];
    }),
  );
}

test('rooms, participants, nodes and free slots are exported', async () => {
  const seen = await samples();
  assert.equal(seen.get('gomeet_rooms'), 2);
  assert.equal(seen.get('gomeet_participants{state="active",kind="standard"}'), 462);
  assert.equal(seen.get('gomeet_room_fill_ratio_max'), 0.9);
  assert.equal(seen.get('gomeet_room_participants{room_sid="RM_town-hall",node_id="ND_b"}'), 450);
  assert.equal(seen.get('gomeet_sfu_node_state{node_id="ND_b",state="draining"}'), 1);
  assert.equal(seen.get('gomeet_sfu_node_state{node_id="ND_b",state="serving"}'), 0);
  assert.equal(seen.get('gomeet_sfu_node_participants{node_id="ND_b"}'), 450);
  assert.equal(seen.get('gomeet_sfu_free_slots'), 1);
});

test('room sizes are cumulative buckets of the rooms that are there now, not of all that ever were', async () => {
  await tick(15_000);
  const seen = await samples();
  assert.equal(seen.get('gomeet_room_size_participants_bucket{le="10"}'), 0);
  assert.equal(seen.get('gomeet_room_size_participants_bucket{le="20"}'), 1);
  assert.equal(seen.get('gomeet_room_size_participants_bucket{le="+Inf"}'), 2);
  assert.equal(seen.get('gomeet_room_size_participants_count'), 2);
  assert.equal(seen.get('gomeet_room_size_participants_sum'), 462);
});

test('every series is in the catalogue, with its labels', async () => {
  const catalogue = new Map(
    Object.values(livekitExporterMetrics).map((metric) => [metric.name as string, metric.labels as readonly string[]]),
  );
  for (const series of (await samples()).keys()) {
    const name = series.replace(/\{.*/, '');
    const labels = [...series.matchAll(/(\w+)="/g)].map(([, label]) => label ?? '').filter((label) => label !== 'le');
    const wanted = catalogue.get(name) ?? catalogue.get(name.replace(/_(bucket|sum|count)$/, ''));
    assert.deepEqual(labels, wanted, `${series} is not in the catalogue`);
  }
});

test('no name of a room is exported', async () => {
  assert.doesNotMatch((await get('/metrics')).text, /[{,]\w+="(standup|town-hall)"/);
});

test('without Redis the rooms are there, the nodes are held for a minute and then gone, and a metric says so', async () => {
  fake.away.add('redis');
  await tick(15_000);
  const held = await samples();
  assert.equal(held.get('gomeet_exporter_source_up{source="redis"}'), 0);
  assert.equal(held.get('gomeet_exporter_source_age_seconds{source="redis"}'), 15);
  assert.equal(held.get('gomeet_sfu_free_slots'), 1);
  await tick(60_000);
  const later = await samples();
  assert.equal(later.get('gomeet_rooms'), 2);
  assert.equal(later.get('gomeet_exporter_source_up{source="room_service"}'), 1);
  assert.equal(
    [...later.keys()].some((series) => series.startsWith('gomeet_sfu_')),
    false,
  );
});

test('without RoomService old numbers vanish after a minute, and are never shown as zero', async () => {
  fake.away.add('roomService');
  await tick(15_000);
  assert.equal((await samples()).get('gomeet_rooms'), 2);
  assert.equal((await get('/readyz')).status, 200);
  await tick(60_000);
  const later = await samples();
  assert.equal(later.has('gomeet_rooms'), false);
  assert.equal(
    [...later.keys()].some((series) => series.startsWith('gomeet_participants')),
    false,
  );
  assert.equal(later.get('gomeet_exporter_source_age_seconds{source="room_service"}'), 75);
  assert.equal((await get('/readyz')).status, 503);
  assert.equal((await get('/healthz')).status, 200);
});

test('the age of a source grows between collections', async () => {
  nowMs += 7_000;
  assert.equal((await samples()).get('gomeet_exporter_source_age_seconds{source="room_service"}'), 7);
});

test('a scrape reads nothing from LiveKit', async () => {
  const before = { ...fake.calls };
  for (let scrape = 0; scrape < 5; scrape += 1) await get('/metrics');
  assert.deepEqual(fake.calls, before);
});

test('a room is asked for its participants once, and not again while nothing changes', async () => {
  await tick(15_000);
  const asked = fake.calls.listParticipants;
  await tick(15_000);
  assert.equal(fake.calls.listParticipants, asked);
});

test('an address that is taken is an error and not silence', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const address = squatter.address();
  assert.ok(address !== null && typeof address === 'object');
  await assert.rejects(
    startLiveKitExporter({ source: fakeLiveKit(), address: { host: '127.0.0.1', port: address.port }, log: silentLog }),
    /EADDRINUSE/,
  );
  squatter.close();
});
