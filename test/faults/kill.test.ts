import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from '../../responders/store/database.ts';
import { makeWish } from '../../responders/store/wishes.ts';
import { waitFor } from '../support/rig.ts';
import { faultWorld } from './test-world.ts';
import { crashLoop, type FaultWorld, journalCount, runStates } from './world.ts';

/** Holds up every transaction that takes a run to `state`, just before it can commit; `waiting` says that one has come there. */
async function barrier(
  world: FaultWorld,
  state: string,
): Promise<{ waiting(): Promise<boolean>; lift(): Promise<void> }> {
  const key = 424_242;
  await world.database.query(
    `create or replace function hold_up() returns trigger language plpgsql as 'begin if new.state = TG_ARGV[0] then perform pg_advisory_xact_lock_shared(${key}); end if; return new; end'`,
  );
  await world.database.query(
    `create trigger hold_up before insert or update on run for each row execute function hold_up('${state}')`,
  );
  const holder = openDatabase(world.databaseUrl, { max: 1, name: 'barrier' });
  await holder.query(`select pg_advisory_lock(${key})`);
  return {
    async waiting() {
      const rows = await world.database.query<{ pid: number }>(
        `select pid from pg_locks where locktype = 'advisory' and objid = ${key} and not granted`,
      );
      return rows.length > 0;
    },
    async lift() {
      await holder.close();
      await world.database.query('drop trigger hold_up on run');
    },
  };
}

async function restartedOnceAndVerified(world: FaultWorld): Promise<void> {
  await waitFor(async () => (await runStates(world.database))['verified'] === 1, 'the verification');
  assert.deepEqual(await runStates(world.database), { verified: 1 });
  assert.deepEqual(
    world.kubernetes.effects.map(({ deployment, kind }) => [deployment, kind]),
    [['chat-service', 'restart']],
  );
  assert.equal(await journalCount(world.database, 'acted'), 1);
}

test('killed before the intent is committed, nothing was done and the next replica does it once', async (t) => {
  const world = await faultWorld(t, { 'chat-service': 2 });
  const hold = await barrier(world, 'intended');
  const first = await world.start('first');
  assert.equal(await first.send(crashLoop('chat-service')), 200);
  await waitFor(hold.waiting, 'the transaction to come to its commit');

  await first.signal('SIGKILL');
  await hold.lift();

  assert.equal(world.kubernetes.effects.length, 0);
  await waitFor(
    async () => (await world.database.query('select from inbox')).length === 1,
    'the alert to be back in the inbox',
  );
  await world.start('second');
  await restartedOnceAndVerified(world);
});

test('killed after the intent and before the call, the next replica makes the call', async (t) => {
  const world = await faultWorld(t, { 'chat-service': 2 });
  world.network.inject({ fault: { kind: 'hang' }, path: /deployments\/chat-service$/, method: 'GET' });
  const first = await world.start('first');
  await first.send(crashLoop('chat-service'));
  await waitFor(() => world.network.requests.some(({ fault }) => fault === 'hang'), 'the last look before the call');

  await first.signal('SIGKILL');
  assert.deepEqual(await runStates(world.database), { intended: 1 });
  assert.equal(world.kubernetes.effects.length, 0);

  await world.start('second');
  await restartedOnceAndVerified(world);
  assert.equal(await journalCount(world.database, 'takeover'), 1);
});

test('killed when the call has reached the peer and its answer is lost, the effect is recognised and not repeated', async (t) => {
  const world = await faultWorld(t, { 'chat-service': 2 });
  world.network.inject({ fault: { kind: 'lose-answer' }, method: 'PATCH' });
  const first = await world.start('first', {
    timings: {
      tickMs: 100,
      redecideMs: 500,
      verifyEveryMs: 200,
      flapMs: 60_000,
      reconcileMs: 60_000,
      worldMs: 250,
      cloudMs: 1_000,
      leaseMs: 2_000,
      retryMs: 60_000,
    },
  });
  await first.send(crashLoop('chat-service'));
  await waitFor(() => world.kubernetes.effects.length === 1, 'the effect');

  await first.signal('SIGKILL');
  assert.equal(await journalCount(world.database, 'acted'), 0);
  await world.database.query(`update run set due_at = clock_timestamp() where state = 'intended'`);

  await world.start('second');
  await restartedOnceAndVerified(world);
});

test('killed after the reply and before our commit, the effect is recognised and not repeated', async (t) => {
  const world = await faultWorld(t, { 'chat-service': 2 });
  const hold = await barrier(world, 'verifying');
  const first = await world.start('first');
  await first.send(crashLoop('chat-service'));
  await waitFor(hold.waiting, 'the transaction that records the reply');

  await first.signal('SIGKILL');
  await hold.lift();

  assert.equal(world.kubernetes.effects.length, 1);
  assert.deepEqual(await runStates(world.database), { intended: 1 });
  await world.start('second');
  await restartedOnceAndVerified(world);
});

test('killed during the verification, the next replica goes on with the verification alone', async (t) => {
  const world = await faultWorld(t, { 'chat-service': 2 });
  world.kubernetes.onRequest = async ({ method }) => {
    if (method === 'PATCH') world.kubernetes.setNotReady('chat-service');
  };
  const first = await world.start('first');
  await first.send(crashLoop('chat-service'));
  await waitFor(async () => (await runStates(world.database))['verifying'] === 1, 'the verification to begin');

  await first.signal('SIGKILL');
  await world.start('second');
  world.kubernetes.onRequest = undefined;
  world.kubernetes.setControllers('working');

  await restartedOnceAndVerified(world);
});

test('killed twenty times at random, nothing accepted is lost and each effect counts once at the peer', async (t) => {
  const { killAtRandom } = await import('./random-kills.ts');
  const world = await faultWorld(
    t,
    Object.fromEntries(Array.from({ length: 60 }, (_none, index) => [`svc-${index}`, 2])),
  );

  const outcome = await killAtRandom(world, { kills: 20, seed: 7 });

  assert.equal(outcome.kills, 20);
  assert.deepEqual(outcome.lost, []);
  assert.deepEqual(outcome.repeated, []);
  assert.deepEqual(await runStates(world.database), { verified: outcome.accepted });
});

test('a procedure killed between two steps is taken over, and no step has its effect twice', async (t) => {
  const world = await faultWorld(t, { 'auth-service': 2, 'chat-service': 2 });
  const first = await world.start('first');
  await makeWish(world.database, { by: 'cli:bob', action: 'restartAll', params: {}, dryRun: false, forMs: 600_000 });
  await waitFor(async () => (await journalCount(world.database, 'step')) === 2, 'the first step to be over');

  await first.signal('SIGKILL');
  const before = world.kubernetes.effects.length;
  assert.ok(before === 1 || before === 2, `${before} restarts`);

  await world.start('second');
  await waitFor(async () => (await runStates(world.database))['verified'] === 1, 'the end');
  assert.deepEqual(
    world.kubernetes.effects.map(({ deployment, kind }) => [deployment, kind]),
    [
      ['auth-service', 'restart'],
      ['chat-service', 'restart'],
    ],
  );
  assert.equal(await journalCount(world.database, 'intended'), 1);
});

test('a procedure killed in the middle of a step, its effect there and its answer lost, does not repeat it', async (t) => {
  const world = await faultWorld(t, { 'auth-service': 2, 'chat-service': 2 });
  world.network.inject({ fault: { kind: 'lose-answer' }, method: 'PATCH' });
  const first = await world.start('first');
  await makeWish(world.database, { by: 'cli:bob', action: 'restartAll', params: {}, dryRun: false, forMs: 600_000 });
  await waitFor(() => world.kubernetes.effects.length === 1, 'the effect');

  await first.signal('SIGKILL');

  await world.start('second');
  await waitFor(async () => (await runStates(world.database))['verified'] === 1, 'the end');
  assert.equal(world.kubernetes.effects.length, 2);
});
