import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examine } from '../../../cli/respond/doctor.ts';
import { loadConfig } from '../../../kernel/config.ts';
import { startDigitalOceanFake } from '../../../lab/fakes/digitalocean.ts';
import { startFakeRoomService } from '../../../lab/fakes/livekit-http.ts';

test('the doctor names every scope that a repair would lack, and takes a missing domain for no such lack', async (t) => {
  const api = await startDigitalOceanFake({ token: 't', clusters: [], dropletLimit: 25, monthToDateUsd: 0 });
  t.after(() => api.stop());
  const config = loadConfig({ DIGITALOCEAN_TOKEN: 't', DIGITALOCEAN_API_URL: api.url });
  const seen = async () => (await examine(config)).find(({ check }) => check === 'digitalocean');

  assert.deepEqual(await seen(), { check: 'digitalocean', verdict: 'ok', says: 'node pools none; 0 of 25 droplets' });

  for (const path of [/\/firewalls$/, /\/records$/, /\/volumes$/])
    api.inject({ kind: 'status', status: 403 }, { method: 'GET', path, times: 9 });
  const refused = await seen();
  assert.equal(refused?.verdict, 'wrong');
  for (const scope of ['firewall:read', 'domain:read', 'block_storage:read'])
    assert.ok(refused?.says.includes(`lacks the scope ${scope}`), refused?.says);
});

test('the doctor says which versions of LiveKit the metrics were tested with, and that others are tolerated', async (t) => {
  const rooms = await startFakeRoomService([3]);
  t.after(() => rooms.close());
  const config = loadConfig({
    LIVEKIT_URL: rooms.url,
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET: 'secret-secret-secret-secret-secret-secret',
  });
  const seen = (await examine(config)).find(({ check }) => check === 'livekit');
  assert.match(seen?.says ?? '', /^1 rooms; metrics tested with livekit-server 1\.\d+\.\d+, .+ others are tolerated/);
});
