import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { validate } from 'node-cron';
import { PortError } from '../../kernel/errors.ts';
import { memoryObjects } from '../../lab/fakes/memory-objects.ts';
import { workloads } from '../../manifests/catalogue/index.ts';
import { progressOf } from '../../responders/act/procedure.ts';
import { rollBack } from '../../responders/act/roll-out.ts';
import { runRoutine } from '../../responders/act/run-routine.ts';
import { routineNames, routines } from '../../responders/routine/routines.ts';
import { tuningAdvice } from '../../responders/tuning/advice.ts';
import { actRig } from '../support/act-ports.ts';
import { clusterOf, deploymentOf, nowMs, pastRun, situationOf } from '../support/situation.ts';

const { scene, world } = situationOf('restartWorkload');

async function played(routine: (typeof routineNames)[number], ports = actRig().ports) {
  const plan = runRoutine.preflight({ routine }, {}, scene);
  assert.ok('change' in plan);
  let run = pastRun({ action: 'runRoutine', change: plan.change, state: 'verifying' });
  for (let turn = 0; turn < 30; turn += 1) {
    const context = { occasion: scene.occasion, ports, declared: scene.declared, nowMs, late: false };
    const stride = await runRoutine.stride?.(run, context);
    run = { ...run, change: stride?.change ?? run.change };
    if (stride?.kind === 'end') return { verdict: stride.verdict, steps: progressOf(run)?.steps ?? [] };
  }
  throw new Error('it did not end');
}

describe('routines', () => {
  for (const name of routineNames) {
    it(`${name} has a calendar that cron understands, and works through every step`, async () => {
      assert.ok(validate(routines[name].pattern));
      const { verdict, steps } = await played(name);
      assert.equal(verdict, 'verified');
      assert.equal(steps.length, routines[name].steps.length);
      assert.ok(steps.every(({ state, saw }) => state === 'done' && saw !== undefined));
    });

    it(`${name} calls what it could not look at unknown, and goes on`, async () => {
      const away = async () => Promise.reject(new PortError('peer', 'unauthorized', 'away'));
      const { ports } = actRig();
      const blind = {
        ...ports,
        cluster: { ...ports.cluster, read: away },
        cloud: { ...ports.cloud, read: away },
        alertmanager: { ...ports.alertmanager, activeAlerts: away },
        metrics: { query: away, queryRange: away },
        objects: { ...memoryObjects(), list: away },
        backups: { ...ports.backups, look: away },
      };
      const { verdict, steps } = await played(name, blind);
      assert.equal(verdict, 'verified');
      for (const { kind, saw } of steps) assert.match(saw ?? '', kind === 'told' ? /for a person/ : /unknown/);
    });
  }
});

describe('tuning', () => {
  const verdict = (subject: string, setting: RegExp, of = workloads) =>
    tuningAdvice(of).find((one) => one.subject === subject && setting.test(one.setting))?.verdict;

  it('refuses what a managed service refuses, and what would split meetings', () => {
    assert.equal(verdict('postgresql', /ALTER SYSTEM/), 'refuse');
    assert.equal(verdict('valkey', /maxmemory-policy/), 'refuse');
    assert.equal(verdict('nodes', /kubelet/), 'refuse');
  });

  it('advises of a managed PostgreSQL only what its service lets be set', () => {
    assert.equal(verdict('postgresql', /shared_buffers/), 'do');
    assert.equal(verdict('postgresql', /effective_cache_size/), 'refuse');
    assert.equal(verdict('postgresql', /maintenance_work_mem/), 'refuse');
  });

  it('does not refuse them where they would do no harm', () => {
    const own = workloads.map((one) => ({
      ...one,
      kind: 'StatefulSet' as const,
      clients: one.clients.filter(({ from }) => from !== 'livekit-sfu'),
    }));
    assert.equal(verdict('postgresql', /ALTER SYSTEM/, own), undefined);
    assert.equal(verdict('valkey', /maxmemory-policy/, own), 'do');
  });
});

describe('a bad deploy, by an alert that follows a rollout', () => {
  const at = (minutes: number, image: string, revision: string) => ({
    atMs: nowMs - minutes * 60_000,
    revision,
    image,
  });
  const blocked = (rollouts: ReturnType<typeof at>[] | undefined) => {
    const deployment = deploymentOf('chat-service', 3, rollouts === undefined ? {} : { rollouts });
    const seen = { ...world, cluster: { value: clusterOf(4, { deployments: [deployment] }), observedAtMs: nowMs } };
    const plan = rollBack.preflight({ within: '1h' }, seen, scene);
    return 'blocked' in plan ? plan.blocked : undefined;
  };

  it('offers to go back where another image came within the hour', () => {
    assert.equal(blocked([at(5, 'c:2', '2'), at(9_000, 'c:1', '1')]), undefined);
  });
  it('offers it also once the restart has made a revision of the same image, which came before it', () => {
    assert.equal(blocked([at(2, 'c:2', '3'), at(9, 'c:2', '2'), at(9_000, 'c:1', '1')]), undefined);
    assert.equal(blocked([at(2, 'c:2', '3'), at(90, 'c:2', '2'), at(9_000, 'c:1', '1')]), 'nothing-to-do');
  });
  for (const [what, rollouts] of [
    ['the rollout is old', [at(90, 'c:2', '2'), at(9_000, 'c:1', '1')]],
    ['it was a restart', [at(5, 'c:1', '2'), at(9_000, 'c:1', '1')]],
    ['there is no revision before', [at(5, 'c:1', '1')]],
    ['nobody knows the revisions', undefined],
  ] as const)
    it(`does not where ${what}`, () =>
      assert.equal(blocked(rollouts === undefined ? undefined : [...rollouts]), 'nothing-to-do'));
});
