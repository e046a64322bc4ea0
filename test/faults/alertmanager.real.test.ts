import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startTcpProxy } from '../../lab/fakes/tcp-proxy.ts';
import { startEmbeddedStore } from '../../responders/store/embedded.ts';
import { waitFor } from '../support/rig.ts';
import { skipWithout } from '../support/skip-without.ts';
import { faultWorld } from './test-world.ts';
import {
  alertmanagerFor,
  counterOf,
  crashLoop,
  journalCount,
  postAlerts,
  runStates,
  serviceNames,
  startFaultWorld,
} from './world.ts';

describe('with a real Alertmanager in the path', { skip: skipWithout('alertmanager') }, () => {
  test('an action slower than its lease and many group intervals takes effect once, however often the alert repeats', async (t) => {
    const world = await faultWorld(t, { 'chat-service': 2 });
    world.kubernetes.onRequest = async ({ method }) => {
      if (method === 'PATCH') await new Promise((resolve) => setTimeout(resolve, 8_000));
    };
    const replica = await world.start('slow', { kubernetesTimeoutMs: 30_000 });
    const alertmanager = await alertmanagerFor(t, replica.url, { intervalSeconds: 1 });

    await postAlerts(alertmanager.url, [crashLoop('chat-service')]);
    await waitFor(async () => (await runStates(world.database))['verified'] === 1, 'the verification');

    assert.ok(
      (await counterOf(replica, 'gomeet_responder_webhook_requests_total{result="accepted"}')) >= 4,
      'the alert was repeated while the action ran',
    );
    assert.deepEqual(await runStates(world.database), { verified: 1 });
    assert.equal(world.kubernetes.effects.length, 1);
    assert.equal(world.kubernetes.requests.filter((request) => request.startsWith('PATCH')).length, 1);
  });

  test('a burst of 1,500 alerts loses none: each is acted on once or refused on the record', async (t) => {
    const acting = serviceNames(150);
    const world = await faultWorld(t, Object.fromEntries(acting.map((name) => [name, 1])));
    const replica = await world.start('burst', {
      timings: {
        tickMs: 100,
        redecideMs: 60_000,
        verifyEveryMs: 1_000,
        flapMs: 600_000,
        reconcileMs: 60_000,
        worldMs: 1_000,
        cloudMs: 60_000,
        leaseMs: 10_000,
        retryMs: 100,
      },
    });
    await waitFor(
      async () => (await counterOf(replica, 'gomeet_responder_world_age_seconds{part="cluster"}')) >= 0,
      'the first reading',
    );
    const alertmanager = await alertmanagerFor(t, replica.url, { intervalSeconds: 5 });

    await postAlerts(
      alertmanager.url,
      [
        ...acting,
        ...serviceNames(1_500)
          .slice(150)
          .map((name) => `unknown-${name}`),
      ].map(crashLoop),
    );
    await waitFor(
      async () =>
        (await journalCount(world.database, 'fired')) === 1_500 &&
        (await runStates(world.database))['verified'] === 150,
      'all of the burst',
    );

    assert.equal(await journalCount(world.database, 'fired'), 1_500);
    assert.deepEqual(await runStates(world.database), { verified: 150 });
    assert.deepEqual(world.kubernetes.effects.map(({ deployment }) => deployment).sort(), [...acting].sort());
    const [unsaid] = await world.database.query<{ count: number }>(
      `select count(*)::int as count from episode e where not exists (select from journal j where j.episode_id = e.id and j.kind in ('intended', 'refused'))`,
    );
    assert.equal(unsaid?.count, 0);
  });

  test('what was refused with 503 while the store was away is acted on when it is back', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'gomeet-away-'));
    let store = await startEmbeddedStore(join(folder, 'pg'));
    const proxy = await startTcpProxy(portOf(store.url));
    const world = await startFaultWorld({ 'chat-service': 2 }, store.url.replace(/:\d+\//, `:${proxy.port}/`));
    t.after(async () => {
      await world.close();
      await proxy.stop();
      await store.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const replica = await world.start('away');
    const alertmanager = await alertmanagerFor(t, replica.url, { intervalSeconds: 1 });

    await store.stop();
    await postAlerts(alertmanager.url, [crashLoop('chat-service')]);
    await waitFor(
      async () => (await counterOf(replica, 'gomeet_responder_webhook_requests_total{result="store-away"}')) >= 1,
      'a refusal',
    );
    assert.equal((await fetch(`${replica.url}/readyz`)).status, 503);
    assert.equal(world.kubernetes.effects.length, 0);

    store = await startEmbeddedStore(join(folder, 'pg'));
    proxy.setUpstream(portOf(store.url));
    await waitFor(
      async () => (await runStates(world.database).catch(() => ({ verified: 0 })))['verified'] === 1,
      'the act',
    );
    assert.equal(world.kubernetes.effects.length, 1);
  });
});

function portOf(url: string): number {
  return Number(new URL(url).port);
}
