import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import type { Action, World } from '../../../responders/act/define.ts';
import { deletePod, forceDeletePod } from '../../../responders/act/delete-pod.ts';
import { diffLines, editConfig } from '../../../responders/act/edit-config.ts';
import { progressOf } from '../../../responders/act/procedure.ts';
import { setResources } from '../../../responders/act/set-resources.ts';
import type { KubeObject, SfuNode } from '../../../responders/ports.ts';
import { fenced } from '../../../responders/reconcile/lease.ts';
import type { Run } from '../../../responders/records.ts';
import { type ActRig, actRig } from '../../support/act-ports.ts';
import {
  clusterOf,
  deploymentOf,
  fleetOf,
  nowMs,
  pastRun,
  podOf,
  sfuOf,
  situationOf,
} from '../../support/situation.ts';

const { scene: base, world } = situationOf('restartWorkload');

/** Plays a procedure to its end over peers in memory, after `change` at each turn. */
async function played(
  action: Action,
  params: object,
  rig: ActRig,
  turn: (run: Run) => void = () => undefined,
): Promise<Run> {
  const plan = action.preflight(params, { ...world, cluster: { value: rig.cluster, observedAtMs: nowMs } }, base);
  assert.ok('change' in plan, JSON.stringify(plan));
  let run = pastRun({ id: 'r1', action: action.name, change: plan.change, state: 'verifying', actedAtMs: nowMs });
  for (let count = 0; count < 30; count += 1) {
    turn(run);
    const stride = await action.stride?.(run, {
      occasion: base.occasion,
      ports: rig.ports,
      declared: base.declared,
      nowMs: nowMs + 60_000,
      late: false,
    });
    assert.ok(stride !== undefined);
    run = { ...run, change: stride.change ?? run.change };
    if (stride.kind === 'end') return { ...run, state: stride.verdict, reason: stride.saw };
  }
  throw new Error(`it did not end: ${JSON.stringify(progressOf(run))}`);
}

function deployment(name: string, container: object, more: object = {}): KubeObject {
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name, image: 'a:1', ...container }], ...more },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 3, selector: { matchLabels: { app: name } }, template },
  };
}

function crashing(rig: ActRig): void {
  rig.cluster = {
    ...rig.cluster,
    pods: rig.cluster.pods.map((pod) =>
      pod.workload === 'chat-service' ? { ...pod, createdAtMs: nowMs, waitingReason: 'CrashLoopBackOff' } : pod,
    ),
  };
}

describe('setResources', () => {
  const resources = { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '1Gi' } };
  const standing = () => memoryObjects([deployment('chat-service', { resources, env: [{ name: 'A', value: 'b' }] })]);

  it('multiplies what stands, once, and keeps the rest of the container', async () => {
    const objects = standing();
    const run = await played(setResources, { workload: 'chat-service', memory: 'x1.5' }, actRig({ objects }));

    assert.equal(run.state, 'verified', run.reason);
    const text = JSON.stringify(objects.all()[0]);
    assert.match(text, /"requests":\{"cpu":"500m","memory":"1536Mi"\},"limits":\{"memory":"1536Mi"\}/);
    assert.match(text, /"env":\[\{"name":"A","value":"b"\}\]/);
    assert.equal(objects.writes.length, 1);
  });

  it('goes back when the pods do not come up', async () => {
    const objects = standing();
    const rig = actRig({ objects });
    const run = await played(setResources, { workload: 'chat-service', memory: '2Gi' }, rig, () => {
      if (objects.writes.length === 1) crashing(rig);
    });

    assert.equal(run.state, 'not-improved');
    assert.match(JSON.stringify(objects.all()[0]), /"memory":"1Gi"\},"limits":\{"memory":"1Gi"\}/);
  });

  it('refuses more than four times as much, and what holds meetings', async () => {
    const run = await played(
      setResources,
      { workload: 'chat-service', memory: '64Gi' },
      actRig({ objects: standing() }),
    );
    assert.match(run.reason ?? '', /more than 4 times/);
    const sfu = setResources.preflight({ workload: 'livekit-sfu', cpu: 'x2' }, world, base);
    assert.ok('blocked' in sfu && sfu.blocked === 'no-target');
    assert.throws(() => setResources.preflight({ workload: 'chat-service' }, world, base));
  });
});

describe('deleting a pod', () => {
  const seen = (sfu: Partial<SfuNode>, sources: ('redis' | 'roomService')[] = ['redis', 'roomService']): World => ({
    ...world,
    fleet: { value: fleetOf(1, { nodes: [sfuOf(0, sfu)], sources }), observedAtMs: nowMs },
  });
  for (const action of [deletePod, forceDeletePod]) {
    it(`${action.name} never takes an SFU with rooms, nor one of which that is not known`, () => {
      const ask = (at: World) => action.preflight({ pod: 'livekit-sfu-0' }, at, base);
      const blocked = (at: World) => {
        const plan = ask(at);
        return 'blocked' in plan ? plan.blocked : undefined;
      };
      assert.equal(blocked(seen({ rooms: 1, participants: 3, emptyReadings: 0 })), 'meeting-in-progress');
      assert.equal(blocked(seen({ emptyReadings: 1 })), 'meeting-in-progress');
      assert.equal(blocked(seen({}, ['redis'])), 'stale-data');
      assert.equal(blocked(seen({})), undefined);
      assert.equal(blocked(seen({ pod: 'another' })), 'meeting-in-progress');
    });
  }

  it('without grace needs a second person, with grace none', () => {
    assert.equal(forceDeletePod.destructive, true);
    assert.equal(deletePod.destructive, false);
  });

  it('deletes that very pod and not one of the same name that came after it', async () => {
    const run = pastRun({ change: { pod: 'chat-service-0', workload: 'chat-service', createdAtMs: 0 } });
    const old = memoryObjects([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'chat-service-0' } }]);
    await deletePod.run(run, base.occasion, actRig({ objects: old }).ports);
    assert.deepEqual(old.writes, ['remove Pod/chat-service-0']);
    await deletePod.run(run, base.occasion, actRig({ objects: old }).ports);
    assert.equal(old.writes.length, 1);

    const newer = { name: 'chat-service-0', creationTimestamp: new Date(3_600_000).toISOString() };
    const fresh = memoryObjects([{ apiVersion: 'v1', kind: 'Pod', metadata: newer }]);
    await deletePod.run(run, base.occasion, actRig({ objects: fresh }).ports);
    assert.deepEqual(fresh.writes, []);
  });
});

describe('editConfig', () => {
  const objects = () =>
    memoryObjects([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'chat-config' },
        data: { 'app.yaml': 'a: 1\nb: 2', other: 'x' },
      },
      deployment('chat-service', {}, { volumes: [{ configMap: { name: 'chat-config' } }] }),
      deployment('livekit-sfu', { envFrom: [{ configMapRef: { name: 'chat-config' } }] }),
      deployment('auth-service', {}),
    ]);
  const edit = { configMap: 'chat-config', key: 'app.yaml', value: 'a: 1\nb: 3' };

  it('changes the one key and restarts who reads it, but nobody who holds meetings', async () => {
    const store = objects();
    const rig = actRig({ objects: store });
    const run = await played(editConfig, edit, rig);

    assert.equal(run.state, 'verified', run.reason);
    assert.match(run.reason ?? '', /not restarted, since they hold meetings or data: livekit-sfu/);
    assert.deepEqual(
      rig.effects.map((effect) => effect.split(' ').slice(0, 2).join(' ')),
      ['restart chat-service'],
    );
    assert.match(JSON.stringify(store.all()[0]), /b: 3.*"other":"x"/);
    assert.deepEqual(progressOf(run)?.steps[0]?.result?.lines, ['- b: 2', '+ b: 3']);
  });

  it('puts the old value back and restarts once more when the readers do not come up', async () => {
    const store = objects();
    const rig = actRig({ objects: store });
    let sick = false;
    const run = await played(editConfig, edit, rig, () => {
      if (rig.effects.length === 1 && !sick) {
        sick = true;
        rig.cluster = clusterOf(4, {
          deployments: [deploymentOf('chat-service', 0), deploymentOf('livekit-sfu', 4)],
          pods: [podOf('chat-service', 0)],
        });
      }
    });

    assert.equal(run.state, 'unknown');
    assert.match(JSON.stringify(store.all()[0]), /b: 2/);
  });

  it('refuses a key and a map that are not there', async () => {
    assert.match(
      (await played(editConfig, { ...edit, key: 'nope' }, actRig({ objects: objects() }))).reason ?? '',
      /has no key nope; it has app.yaml, other/,
    );
    assert.match(
      (await played(editConfig, { ...edit, configMap: 'nope' }, actRig({ objects: objects() }))).reason ?? '',
      /no ConfigMap/,
    );
    assert.throws(() => editConfig.preflight({ ...edit, configMap: '../x' }, world, base));
  });

  it('shows no secret in a diff', () => {
    const token = `xoxb-${'1'.repeat(12)}-${'a'.repeat(24)}`;
    assert.doesNotMatch(diffLines('token: old', `token: ${token}`).join('\n'), /a{24}/);
  });
});

describe('a load balancer', () => {
  it('is never deleted, whoever asks, while another Service may be', async () => {
    const spec = (type: string) => ({ spec: { type } });
    const objects = memoryObjects([
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'traefik' }, ...spec('LoadBalancer') },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'plain' }, ...spec('ClusterIP') },
    ]);
    const ports = fenced(actRig({ objects }).ports, { isHeld: () => true, end: () => undefined });

    await assert.rejects(ports.objects.remove({ apiVersion: 'v1', kind: 'Service', name: 'traefik' }), /never deleted/);
    await ports.objects.remove({ apiVersion: 'v1', kind: 'Service', name: 'plain' });

    assert.deepEqual(objects.writes, ['remove Service/plain']);
  });
});
