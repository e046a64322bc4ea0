import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Blocked, Preflight, Scene, World } from '../../../responders/act/define.ts';
import { lapseScale, scaleWorkload } from '../../../responders/act/scale-workload.ts';
import type { Deployment } from '../../../responders/ports.ts';
import { actRig, autoscalerOf } from '../../support/act-ports.ts';
import { clusterOf, deploymentOf, pastRun, situationOf } from '../../support/situation.ts';

const base = situationOf('restartWorkload');
const declared: Scene['declared'] = {
  ...base.scene.declared,
  workloads: [
    { name: 'chat-service', restartable: true, pool: 'api', replicas: 3, maxReplicas: 20 },
    { name: 'livekit-sfu', restartable: false, pool: 'sfu', replicas: 2, maxReplicas: 100 },
  ],
};

function seen(chat: Partial<Deployment>, sfus = 4): World {
  const cluster = clusterOf(sfus, {
    deployments: [deploymentOf('livekit-sfu', sfus), deploymentOf('chat-service', 3, chat)],
  });
  return { ...base.world, cluster: { value: cluster, observedAtMs: base.nowMs } };
}

const scene = (more: Partial<Scene> = {}): Scene => ({ ...base.scene, declared, ...more });
const asked = (workload: string, replicas: number, chat: Partial<Deployment> = {}): Preflight | Blocked =>
  scaleWorkload.preflight({ workload, replicas }, seen(chat), scene());

describe('scaling by hand', () => {
  it('moves the replicas where nothing autoscales, and the floor where something does', async () => {
    const plain = asked('chat-service', 8);
    assert.ok('change' in plain);
    assert.deepEqual(plain.change, { deployment: 'chat-service', owner: 'deployment', from: 3, to: 8 });
    assert.equal(plain.hold, 8);

    const autoscaler = autoscalerOf(3, { name: 'chat-service', maxReplicas: 20 });
    const floor = asked('chat-service', 8, { autoscaler });
    assert.ok('change' in floor);
    const rig = actRig({
      cluster: clusterOf(2, { deployments: [deploymentOf('chat-service', 3, { autoscaler })] }),
    });
    const run = pastRun({ id: 'r1', change: floor.change });
    assert.equal(await scaleWorkload.applied(run, rig.ports), false);
    await scaleWorkload.run(run, base.scene.occasion, rig.ports);
    assert.deepEqual(rig.effects, ['setFloor chat-service 8']);
    assert.equal(await scaleWorkload.applied(run, rig.ports), true);
  });

  it('says what the ceiling is, so that the guard refuses 50 where 20 are declared', () => {
    const plan = asked('chat-service', 50);
    assert.ok('growth' in plan);
    assert.deepEqual(plan.growth, { after: 50, ceiling: 20 });
  });

  for (const [what, workload, replicas, blocked] of [
    ['fewer SFUs', 'livekit-sfu', 2, 'meeting-in-progress'],
    ['what it is at', 'chat-service', 3, 'nothing-to-do'],
    ['a service that nobody declares', 'mystery', 3, 'no-target'],
  ] as const)
    it(`refuses ${what}`, () => {
      const plan = asked(workload, replicas);
      assert.ok('blocked' in plan && plan.blocked === blocked);
    });

  it('refuses nothing and less than nothing', () => {
    assert.throws(() => asked('chat-service', 0));
    assert.throws(() => asked('chat-service', -3));
  });
});

describe('a scale-out that lapses', () => {
  const lapsed = new Map([['deployment/chat-service', 8]]);
  const plan = (chat: Partial<Deployment>, more: Partial<Scene> = {}) =>
    lapseScale.preflight({}, seen(chat), scene({ lapsed, ...more }));

  it('goes back to what is declared when its time is over', () => {
    const back = plan({ replicas: 8 });
    assert.ok('change' in back);
    assert.deepEqual(back.change, { deployment: 'chat-service', owner: 'deployment', from: 8, to: 3 });
  });

  for (const [what, chat, more] of [
    ['while an alert fires', { replicas: 8 }, { firing: new Set(['X']) }],
    ['where someone moved it since', { replicas: 9 }, {}],
    ['where nothing was ever raised', { replicas: 8 }, { lapsed: new Map() }],
  ] as const)
    it(`does not ${what}`, () => assert.ok('blocked' in plan(chat, more)));
});
