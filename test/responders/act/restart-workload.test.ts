import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PortError } from '../../../kernel/errors.ts';
import type { Preflight, World } from '../../../responders/act/define.ts';
import { restartWorkload } from '../../../responders/act/restart-workload.ts';
import type { ClusterState, Deployment, Pod } from '../../../responders/ports.ts';
import { actRig } from '../../support/act-ports.ts';
import { clusterOf, deploymentOf, nowMs, pastRun, podOf, situationOf } from '../../support/situation.ts';

const { scene } = situationOf('restartWorkload');
const worldOf = (cluster: ClusterState, observedAtMs = nowMs): World => ({ cluster: { value: cluster, observedAtMs } });
const ask = (
  params: { workload?: string } = {},
  cluster = clusterOf(4),
  service: string | undefined = 'chat-service',
) =>
  restartWorkload.preflight(params, worldOf(cluster), {
    ...scene,
    occasion: { ...scene.occasion, labels: service === '' ? {} : { service } },
  });
const planned = (...args: Parameters<typeof ask>): Preflight => {
  const plan = ask(...args);
  if ('blocked' in plan) assert.fail(`${plan.blocked}: ${plan.saw}`);
  return plan;
};
const run = pastRun({ id: 'run-1', change: planned().change, state: 'intended', intendedAtMs: nowMs });
const stamp = new Date(nowMs).toISOString();

describe('what it would do', () => {
  it('restarts the service of the alert, pod by pod, and touches no room', () => {
    const pods = [podOf('chat-service', 0, { restarts: 4 }), podOf('chat-service', 1, { restarts: 3 })];
    assert.deepEqual(planned({}, clusterOf(4, { pods })), {
      target: 'deployment/chat-service',
      change: { deployment: 'chat-service', restartsBefore: 7 },
      says: 'rolling restart of chat-service, 3 pods one by one',
      touches: { pods: 3, rooms: 0, participants: 0, fleetShareRatio: 1 / 3 },
      costPerHour: 0,
    });
  });

  it('what a person names goes before the label', () => {
    assert.equal(planned({ workload: 'chat-service' }, clusterOf(4), 'livekit-sfu').target, 'deployment/chat-service');
  });

  it('nothing grows and nothing is paid for', () => {
    assert.deepEqual([planned().growth, planned().hold, planned().costPerHour], [undefined, undefined, 0]);
  });

  const nowhere: readonly (readonly [string, ...Parameters<typeof ask>])[] = [
    ['a service that is not in the catalogue', { workload: 'elsewhere' }],
    ['an alert without a service label', {}, clusterOf(4), ''],
    ['what holds meetings', { workload: 'livekit-sfu' }],
    ['a Deployment that is not there', {}, clusterOf(4, { deployments: [] })],
    ['a Deployment of no pods', {}, clusterOf(4, { deployments: [deploymentOf('chat-service', 0)] })],
  ];
  for (const [what, ...args] of nowhere)
    it(`finds no target in ${what}`, () => {
      const plan = ask(...args);
      assert.equal('blocked' in plan && plan.blocked, 'no-target');
    });

  it('no name that is not in the catalogue is ever a target', () => {
    fc.assert(
      fc.property(fc.string(), (workload) => {
        const plan = ask({ workload });
        assert.ok('blocked' in plan || workload === 'chat-service');
      }),
    );
  });
});

describe('doing it', () => {
  it('a second run after a lost answer starts no second rollout', async () => {
    const rig = actRig();
    assert.equal(await restartWorkload.applied(run, rig.ports), false);
    rig.loseAnswer();
    await assert.rejects(restartWorkload.run(run, scene.occasion, rig.ports), PortError);
    assert.equal(await restartWorkload.applied(run, rig.ports), true);
    assert.equal(await restartWorkload.run({ ...run, attempts: 2 }, scene.occasion, rig.ports), undefined);
    assert.deepEqual(rig.effects, [`restart chat-service ${stamp}`]);
  });

  it("another run's restart is not taken for its own", async () => {
    const rig = actRig();
    await restartWorkload.run(run, scene.occasion, rig.ports);
    assert.equal(await restartWorkload.applied({ ...run, intendedAtMs: nowMs + 1 }, rig.ports), false);
  });

  it('a conflict surfaces and may be tried again; a Deployment that is gone may not', async () => {
    const rig = actRig();
    rig.refuse('restart', 'conflict');
    await assert.rejects(
      restartWorkload.run(run, scene.occasion, rig.ports),
      (error) => error instanceof PortError && error.retryable,
    );
    const gone = actRig({ cluster: clusterOf(4, { deployments: [] }) });
    assert.equal(await restartWorkload.applied(run, gone.ports), false);
    await assert.rejects(
      restartWorkload.run(run, scene.occasion, gone.ports),
      (error) => error instanceof PortError && error.code === 'not-found' && !error.retryable,
    );
    assert.deepEqual([...rig.effects, ...gone.effects], []);
  });
});

describe('whether it helped', () => {
  const verdict = (
    more: { deployment?: Partial<Deployment>; pod?: Partial<Pod>; pods?: readonly Pod[] } = {},
    times: { ageMs?: number; observedAtMs?: number } = {},
  ) => {
    const young = { createdAtMs: nowMs - (times.ageMs ?? 10_000) };
    const pods = [0, 1, 2].map((serial) =>
      podOf('chat-service', serial, { ...young, ...(serial === 1 ? more.pod : {}) }),
    );
    const cluster = clusterOf(4, {
      deployments: [deploymentOf('chat-service', 3, more.deployment)],
      pods: more.pods ?? pods,
    });
    return restartWorkload.verify(run, worldOf(cluster, times.observedAtMs), {
      actedAtMs: nowMs - 30_000,
      nowMs,
      signals: {},
    }).verdict;
  };

  it('has to stay up for ten seconds', () => {
    assert.equal(verdict({}, { ageMs: 9_999 }), 'pending');
    assert.equal(verdict({}, { ageMs: 10_000 }), 'verified');
  });

  it('is pending while anything is not new, not ready, unseen by its controller, or waits', () => {
    for (const deployment of [{ updatedReplicas: 2 }, { readyReplicas: 2 }, { observed: false }])
      assert.equal(verdict({ deployment }), 'pending');
    assert.equal(verdict({ pod: { waitingReason: 'CrashLoopBackOff' } }), 'pending');
  });

  it('is pending when a new pod has restarted again, not when one that is going did', () => {
    assert.equal(verdict({ pod: { restarts: 1 } }), 'pending');
    const pods = [
      ...[0, 1, 2].map((serial) => podOf('chat-service', serial)),
      podOf('chat-service', 9, { restarts: 8, waitingReason: 'CrashLoopBackOff', deletedAtMs: nowMs }),
    ];
    assert.equal(verdict({ pods }), 'verified');
  });

  it('does not count a reading from before the act', () => {
    assert.equal(verdict({}, { observedAtMs: nowMs - 30_001 }), 'pending');
    assert.equal(verdict({}, { observedAtMs: nowMs - 30_000 }), 'verified');
  });

  it('pods that nobody saw prove nothing', () => {
    assert.equal(verdict({ pods: [] }), 'pending');
    assert.equal(verdict({ pods: [podOf('chat-service', 0)] }), 'pending');
  });

  it('did not help when there is nothing left of it', () => {
    assert.equal(verdict({ deployment: { replicas: 0, readyReplicas: 0, updatedReplicas: 0 } }), 'not-improved');
    const seen = { actedAtMs: nowMs, nowMs, signals: {} };
    const none = worldOf(clusterOf(4, { deployments: [] }));
    assert.equal(restartWorkload.verify(run, none, seen).verdict, 'not-improved');
    assert.equal(restartWorkload.verify(run, {}, seen).verdict, 'pending');
  });
});
