import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '../support/rig.ts';
import { faultWorld } from './test-world.ts';
import { counterOf, crashLoop, journalCount, runStates, serviceNames } from './world.ts';

test('two replicas that are both told of one alert, many times, act once', async (t) => {
  const world = await faultWorld(t, { 'chat-service': 2 });
  const replicas = await Promise.all([world.start('one'), world.start('two')]);

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_none, index) => replicas[index % 2]?.send(crashLoop('chat-service'))),
  );
  assert.deepEqual(new Set(answers), new Set([200]));
  await waitFor(async () => (await runStates(world.database))['verified'] === 1, 'the verification');

  assert.deepEqual(await runStates(world.database), { verified: 1 });
  assert.equal(world.kubernetes.effects.length, 1);
  assert.equal(await journalCount(world.database, 'fired'), 1);
});

test('the limit of acts per hour holds over two replicas together', async (t) => {
  const services = serviceNames(12);
  const world = await faultWorld(t, Object.fromEntries(services.map((name) => [name, 1])));
  const replicas = await Promise.all([
    world.start('one', { maxActsPerHour: 4 }),
    world.start('two', { maxActsPerHour: 4 }),
  ]);

  await Promise.all(services.map((service, index) => replicas[index % 2]?.send(crashLoop(service))));
  await waitFor(async () => (await runStates(world.database))['verified'] === 4, 'four acts');
  const refused = async () => (await world.database.query(`select from episode where refusal = 'rate-limit'`)).length;
  await waitFor(async () => (await refused()) === 8, 'eight refusals');
  // Decided again several times since, on both.
  await new Promise((resolve) => setTimeout(resolve, 1_500));

  assert.deepEqual(await runStates(world.database), { verified: 4 });
  assert.equal(world.kubernetes.effects.length, 4);
  assert.equal(await refused(), 8);
});

test('a replica that stood still for a minute, in the middle of an act, has no second effect when it goes on', async (t) => {
  const world = await faultWorld(t, { 'chat-service': 2 });
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let looks = 0;
  world.kubernetes.onRequest = async ({ method, path }) => {
    if (method !== 'GET' || !path.endsWith('/deployments/chat-service')) return;
    looks += 1;
    if (looks === 1) await held;
  };
  const first = await world.start('first', { kubernetesTimeoutMs: 120_000 });
  await first.send(crashLoop('chat-service'));
  await waitFor(() => looks === 1, 'the last look before the call');

  await first.signal('SIGSTOP');
  await world.start('second');
  await waitFor(async () => (await runStates(world.database))['verified'] === 1, 'the second replica to act');
  // The first one's look is answered with the state from before the act, as a slow network would.
  release();
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  await first.signal('SIGCONT');
  await waitFor(
    async () => (await counterOf(first, 'gomeet_responder_leases_lost_total')) >= 1,
    'the first replica to see that it lost the run',
  );

  assert.equal(world.kubernetes.effects.length, 1);
  assert.equal(world.kubernetes.requests.filter((request) => request.startsWith('PATCH')).length, 1);
  assert.deepEqual(await runStates(world.database), { verified: 1 });
  assert.equal(await journalCount(world.database, 'acted'), 1);
});

test('a replica stopped under load blocks nobody: the other takes over all of it, and each effect counts once', async (t) => {
  const services = serviceNames(40);
  const world = await faultWorld(t, Object.fromEntries(services.map((name) => [name, 1])));
  const [first, second] = await Promise.all([world.start('first'), world.start('second')]);

  const answered = await Promise.all(
    services
      .map((service, index) =>
        index === 20
          ? first.signal('SIGSTOP').then(() => second.send(crashLoop(service)))
          : (index % 2 === 0 && index < 20 ? first : second).send(crashLoop(service)).catch(() => 0),
      )
      .map((sent) => Promise.race([sent, new Promise<number>((resolve) => setTimeout(resolve, 2_000, 0))])),
  );
  // What a stopped replica did not answer is sent to the other one.
  for (const [index, status] of answered.entries())
    if (status !== 200) await second.send(crashLoop(services[index] ?? ''));
  await waitFor(
    async () => (await runStates(world.database))['verified'] === services.length,
    'all acts by the replica that runs',
  );
  await first.signal('SIGCONT');
  await new Promise((resolve) => setTimeout(resolve, 2_000));

  assert.deepEqual(await runStates(world.database), { verified: services.length });
  assert.deepEqual(world.kubernetes.effects.map(({ deployment }) => deployment).sort(), [...services].sort());
});

for (const [how, signal] of [
  ['an upgrade', 'SIGTERM'],
  ['a loss', 'SIGKILL'],
] as const) {
  test(`${how} in the middle of a drain: the replica of the next version goes on with it and takes no second node`, async (t) => {
    const world = await faultWorld(t, { 'livekit-sfu': 4 });
    world.kubernetes.setControllers('still');
    const first = await world.start('version-1', { scaleIn: '* * * * * *' });
    await waitFor(async () => (await runStates(world.database))['verifying'] === 1, 'the drain to begin');

    await first.signal(signal);
    // The next version has added to the schema, as versions do.
    await world.database.query('alter table run add column of_the_next_version text');
    await world.database.query('insert into schema_version (version) select max(version) + 1 from schema_version');
    await world.start('version-2', { scaleIn: '* * * * * *' });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    assert.deepEqual(await runStates(world.database), { verifying: 1 });
    world.kubernetes.setControllers('working');
    await waitFor(async () => (await runStates(world.database))['verified'] === 1, 'the end of the drain');

    assert.deepEqual(
      world.kubernetes.effects.map(({ kind, value }) => [kind, value]),
      [['scale', 3]],
    );
    assert.equal(world.kubernetes.replicas('livekit-sfu'), 3);
  });
}

test('a fleet whose every node holds a room is not drained, however often scale-in is due', async (t) => {
  const world = await faultWorld(t, { 'livekit-sfu': 4 });
  for (const pod of world.kubernetes.pods('livekit-sfu')) world.kubernetes.setRooms(pod, 1);
  const replica = await world.start('one', { scaleIn: '* * * * * *' });

  await waitFor(
    async () =>
      (await counterOf(
        replica,
        'gomeet_responder_decisions_total{alertname="sfu-scale-in",outcome="refuse",reason="meeting-in-progress"}',
      )) >= 2,
    'two refusals',
  );

  assert.deepEqual(world.kubernetes.effects, []);
  assert.equal(
    world.kubernetes.requests.some((request) => request.startsWith('PATCH')),
    false,
  );
});
