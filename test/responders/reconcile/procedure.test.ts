import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { progressOf } from '../../../responders/act/procedure.ts';
import type { Core } from '../../../responders/core.ts';
import { changeControl } from '../../../responders/desk/controls.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { readRun } from '../../../responders/store/runs.ts';
import { dropWish, makeWish, readWishAnswer, type WishAnswer } from '../../../responders/store/wishes.ts';
import { testDatabase } from '../../support/database.ts';
import { startRig, waitFor } from '../../support/rig.ts';

async function wish(core: Core, params: object, more: { dryRun?: boolean; by?: string } = {}): Promise<WishAnswer> {
  const id = await makeWish(core.database, {
    by: more.by ?? 'cli:bob',
    action: 'restartAll',
    params,
    dryRun: more.dryRun ?? false,
    forMs: 600_000,
  });
  let answer: WishAnswer | undefined;
  await waitFor(async () => {
    answer = await readWishAnswer(core.database, id);
    return answer !== undefined;
  }, 'an answer');
  assert.ok(answer !== undefined);
  return answer;
}

test('what the command line asks for is judged, done step by step and journalled, and a switch between steps holds it', async (t) => {
  const rig = await startRig(await testDatabase());
  t.after(() => rig.close());
  const { core } = rig.responder;
  let restarts = 0;
  const { restart } = core.ports.cluster;
  core.ports.cluster.restart = async (change) => {
    restarts += 1;
    await restart.call(core.ports.cluster, change);
  };

  const answer = await wish(core, { workloads: ['chat-service', 'auth-service'] });

  assert.equal(answer.outcome, 'act');
  const { runId } = answer;
  assert.ok(runId !== undefined);
  const reason = 'look first';
  await waitFor(() => restarts === 1, 'the first step to begin');
  await changeControl(core, { name: 'stop-all', subject: 'console:ana', reason });
  const held = async () => /stopped by console:ana/.test((await readRun(core.database, runId))?.reason ?? '');
  await waitFor(held, 'the run to say what holds it');
  await systemClock.sleep(500);
  assert.equal(restarts, 1, 'nothing is begun while the switch is on');
  await changeControl(core, { name: 'resume', subject: 'console:ana', reason });

  await waitFor(async () => (await readRun(core.database, runId))?.state === 'verified', 'the end');
  const run = await readRun(core.database, runId);
  assert.deepEqual(
    progressOf(run ?? { change: {} })?.steps.map(({ title, state }) => [title, state]),
    [
      ['restart auth-service', 'done'],
      ['restart chat-service', 'done'],
    ],
  );
  assert.equal(restarts, 2);
  const lines = (await readJournal(core.database, { runId })).map(({ kind }) => kind);
  assert.deepEqual(lines, ['intended', 'step', 'step', 'verified']);
});

test('a dry run shows the plan and does nothing; a refusal and a wrong parameter say why', async (t) => {
  const rig = await startRig(await testDatabase());
  t.after(() => rig.close());
  const { core } = rig.responder;

  const dry = await wish(core, {}, { dryRun: true });
  assert.equal(dry.reason, 'shadow');
  assert.equal(progressOf({ change: dry.plan?.change })?.steps.length, 4);
  assert.equal(dry.runId, undefined);

  const sfu = await wish(core, { workloads: ['livekit-sfu'] });
  assert.deepEqual([sfu.outcome, sfu.reason], ['refuse', 'no-target']);
  assert.match(sfu.saw, /holds meetings/);

  const wrong = await wish(core, { workload: 'auth-service' });
  assert.equal(wrong.outcome, 'invalid');

  await changeControl(core, { name: 'freeze', subject: 'console:ana', reason: 'launch', for: '1h' as never });
  const frozen = await wish(core, {});
  assert.equal(frozen.reason, 'frozen');
  assert.equal((await core.database.query('select from run')).length, 0);
});

test('a wish that nobody takes up can be taken back, and one that lapsed is never granted', async (t) => {
  const rig = await startRig(await testDatabase());
  t.after(() => rig.close());
  const { database } = rig.responder.core;
  const old = await makeWish(database, { by: 'cli:bob', action: 'restartAll', params: {}, dryRun: false, forMs: -1 });

  await systemClock.sleep(500);

  assert.equal(await readWishAnswer(database, old), undefined);
  assert.equal(await dropWish(database, old), true);
  assert.equal(await dropWish(database, old), false);
});
