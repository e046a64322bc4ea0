import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { followScaleRules, wantedNow } from '../../../responders/reconcile/planned.ts';
import { activeHolds, lapsedHolds } from '../../../responders/store/runs.ts';
import { dropScaleRule, putScaleRule, type ScaleRule, scaleRules } from '../../../responders/store/scale-rules.ts';
import { testDatabase } from '../../support/database.ts';
import { rigDeclared, rigToken, startRig, waitFor } from '../../support/rig.ts';

const always = { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, untilMinute: 0, timeZone: 'UTC' };
const rule = (more: Partial<ScaleRule & { leftMs: number | undefined }>): ScaleRule => ({
  name: 'r',
  workload: 'chat-service',
  replicas: 5,
  setBy: 'cli:ana',
  ...more,
});

describe('What the rules want now', () => {
  it('is the most of those in force, until the last that wants as much is over; nothing outside their hours', () => {
    const noon = Date.parse('2026-11-23T12:00:00Z');
    const until = (untilMinute: number) => ({ ...always, fromMinute: 660, untilMinute });
    const wanted = wantedNow(
      [
        rule({ replicas: 5, hours: until(780) }),
        rule({ replicas: 8, hours: until(750) }),
        rule({ replicas: 8, lastsMs: 1, leftMs: 7_200_000 }),
        rule({ replicas: 20, hours: { ...always, fromMinute: 0, untilMinute: 60 } }),
        rule({ replicas: 30, lastsMs: 3_600_000 }),
        rule({ workload: 'auth-service', replicas: 2, hours: until(750) }),
      ] as Parameters<typeof wantedNow>[0],
      noon,
    );
    assert.deepEqual(wanted, [
      { workload: 'chat-service', replicas: 8, forMs: 7_200_000 },
      { workload: 'auth-service', replicas: 2, forMs: 1_800_000 },
    ]);
    assert.deepEqual(wantedNow([], noon), []);
  });
});

test('rules in force raise and hold, an event is told over HTTP, nothing is lowered for a rule, and a rule that is gone lapses', async (t) => {
  const workloads = rigDeclared.workloads.map((one) => ({ ...one, replicas: 1, maxReplicas: 10 }));
  const rig = await startRig(await testDatabase(), {
    declared: { ...rigDeclared, workloads },
    timings: { tickMs: 100, leaseMs: 60_000, worldMs: 100, cloudMs: 1_000, verifyEveryMs: 100 },
  });
  t.after(() => rig.close());
  const { core } = rig.responder;
  const { database } = core;
  const replicas = async (name: string) => (await rig.simulator.cluster.deployment(name))?.replicas ?? 0;
  const tell = async (name: string, token = rigToken) => {
    const response = await fetch(`${rig.responder.url}/events/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: await response.text() };
  };

  const before = await replicas('chat-service');
  await putScaleRule(database, rule({ name: 'day', hours: always, replicas: before + 2 }));
  await putScaleRule(database, rule({ name: 'low', hours: always, workload: 'auth-service', replicas: 1 }));
  await putScaleRule(database, rule({ name: 'webinar', workload: 'meeting-service', lastsMs: 7_200_000, replicas: 6 }));
  assert.deepEqual(await followScaleRules(core), ['chat-service: act', 'auth-service: nothing-to-do']);
  await waitFor(async () => (await replicas('chat-service')) === before + 2, 'the floor of the day', 60_000);
  assert.ok((await replicas('auth-service')) >= 1);

  const idle = await replicas('meeting-service');
  assert.deepEqual([(await tell('webinar', 'wrong')).status, (await tell('nothing')).status], [401, 404]);
  assert.match((await tell('nothing')).body, /gomeet scale event set/);
  assert.equal((await tell('..%2f')).status >= 400, true);
  assert.equal(await replicas('meeting-service'), idle);
  assert.equal((await tell('webinar')).status, 202);
  await waitFor(async () => (await replicas('meeting-service')) === 6, 'what the event wants', 60_000);

  await waitFor(async () => (await activeHolds(database)).size === 2, 'both holds', 60_000);
  await dropScaleRule(database, 'day');
  await followScaleRules(core);
  assert.deepEqual([...(await lapsedHolds(database))], [['deployment/chat-service', before + 2]]);
  assert.deepEqual([...(await activeHolds(database)).keys()], ['deployment/meeting-service']);
  assert.equal((await scaleRules(database)).find(({ name }) => name === 'webinar')?.leftMs !== undefined, true);
});
