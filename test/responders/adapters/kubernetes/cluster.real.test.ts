import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlPlane, startControlPlane } from '../../../../lab/cluster/control-plane.ts';
import { createKubernetesObjects } from '../../../../responders/adapters/kubernetes/any.ts';
import { createKubernetesCluster } from '../../../../responders/adapters/kubernetes/cluster.ts';
import { skipWithout } from '../../../support/skip-without.ts';
import { clusterContract, known, rejectsWith } from './contract.ts';
import { createFixtures, type Fixtures, kubeconfigWith } from './live-cluster.ts';

describe('Kubernetes adapter on a real API server', { skip: skipWithout('etcd', 'kube-apiserver') }, () => {
  let plane: ControlPlane;
  let fixtures: Fixtures;
  const connect = () => createKubernetesCluster({ kubeconfig: plane.kubeconfig, namespace: fixtures.namespace });

  before(async () => {
    plane = await startControlPlane();
    fixtures = await createFixtures(plane.kubeconfig);
  });
  after(async () => {
    await plane.stop();
  });

  for (const autoscaled of ['hpa', 'keda'] as const) {
    clusterContract(`kube-apiserver, floor of ${autoscaled}`, async () => {
      fixtures = await createFixtures(plane.kubeconfig);
      await fixtures.addDeployment('meeting-service', 2);
      await fixtures.addDeployment('livekit-sfu', 2);
      if (autoscaled === 'hpa') await fixtures.addHpa('livekit-sfu', { min: 2, max: 20 });
      else await fixtures.addScaledObject('livekit-sfu', { min: 2, max: 20 });
      const pod = await fixtures.addPod('meeting-service', 'abcde');
      return { cluster: connect(), deployment: 'meeting-service', pod, autoscaled: 'livekit-sfu', async close() {} };
    });
  }

  it('reads what controllers and kubelets write into status', async () => {
    fixtures = await createFixtures(plane.kubeconfig);
    const { namespace, core, apps } = fixtures;
    await fixtures.addDeployment('signaling-service', 3);
    const crashing = await fixtures.addPod('signaling-service', 'crash');
    const homeless = await fixtures.addPod('signaling-service', 'homel');
    const evicted = await fixtures.addPod('signaling-service', 'evict');
    await core.replaceNamespacedPodStatus({ name: crashing, namespace, body: await crashed(fixtures, crashing) });
    await core.replaceNamespacedPodStatus({ name: homeless, namespace, body: await unscheduled(fixtures, homeless) });
    const gone = await core.readNamespacedPod({ name: evicted, namespace });
    await core.replaceNamespacedPodStatus({
      name: evicted,
      namespace,
      body: { ...gone, status: { phase: 'Failed', reason: 'Evicted' } },
    });
    const made = await apps.readNamespacedDeployment({ name: 'signaling-service', namespace });
    const status = { observedGeneration: 1, replicas: 3, readyReplicas: 1, updatedReplicas: 3 };
    await apps.replaceNamespacedDeploymentStatus({ name: 'signaling-service', namespace, body: { ...made, status } });

    const state = await connect().read();

    const deployment = known(state.deployments.find(({ name }) => name === 'signaling-service'));
    assert.deepEqual(
      [deployment.replicas, deployment.readyReplicas, deployment.updatedReplicas, deployment.observed],
      [3, 1, 3, true],
    );
    assert.equal(deployment.autoscaler, undefined);
    const pod = known(state.pods.find(({ name }) => name === crashing));
    assert.deepEqual(
      [pod.ready, pod.restarts, pod.waitingReason, pod.unschedulable],
      [false, 7, 'CrashLoopBackOff', undefined],
    );
    assert.match(known(state.pods.find(({ name }) => name === homeless)).unschedulable ?? '', /Insufficient cpu/);
    assert.equal(
      state.pods.some(({ name }) => name === evicted),
      false,
    );
  });

  it('reads a Deployment whose newest spec no controller has seen as not observed', async () => {
    fixtures = await createFixtures(plane.kubeconfig);
    await fixtures.addDeployment('auth-service', 1);

    assert.equal(known(await connect().deployment('auth-service')).observed, false);
  });

  it('lists nodes that are Ready with their pool, and no others', async () => {
    const { core } = fixtures;
    await addNode(core, 'sfu-1', 'sfu', 'True');
    await addNode(core, 'sfu-2', 'sfu', 'False');
    await addNode(core, 'bare', undefined, 'True');

    const { readyNodes } = await connect().read();

    assert.deepEqual(
      [...readyNodes].sort((a, b) => a.name.localeCompare(b.name)),
      [
        { name: 'bare', pool: undefined },
        { name: 'sfu-1', pool: 'sfu' },
      ],
    );
  });

  it('sees the deletion of a pod that is still draining', async () => {
    fixtures = await createFixtures(plane.kubeconfig);
    await fixtures.addDeployment('livekit-sfu', 1);
    const name = await fixtures.addPod('livekit-sfu', 'drain');
    const { core, namespace } = fixtures;
    const binding = { metadata: { name }, target: { kind: 'Node', name: 'sfu-1' } };
    // The API server answers a binding with a Status that the library cannot read: what counts is that the pod is bound.
    await core.createNamespacedPodBinding({ name, namespace, body: binding }).catch(() => undefined);
    await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 3_600 });

    const { pods } = await connect().read();

    const pod = known(pods.find((one) => one.name === name));
    assert.equal(pod.node, 'sfu-1');
    assert.ok((pod.deletedAtMs ?? 0) > Date.now());
  });

  it('takes the ScaledObject for the owner, and not the HPA that KEDA made for it', async () => {
    fixtures = await createFixtures(plane.kubeconfig);
    await fixtures.addDeployment('livekit-sfu', 2);
    await fixtures.addHpa('livekit-sfu', { min: 1, max: 9 });
    await fixtures.addScaledObject('livekit-sfu', { min: 2, max: 8 });

    const owner = known(known(await connect().deployment('livekit-sfu')).autoscaler);

    assert.deepEqual(
      [owner.kind, owner.minReplicas, owner.maxReplicas, owner.desiredReplicas],
      ['ScaledObject', 2, 8, undefined],
    );
  });

  it('collects events and rollouts of the workload, and nothing of one whose name begins alike', async () => {
    fixtures = await createFixtures(plane.kubeconfig);
    const { apps, namespace } = fixtures;
    await fixtures.addDeployment('api', 1);
    await fixtures.addPod('api', 'bcdfg');
    await addEvent(fixtures, 'api-6d4b75cb6d-bcdfg', 'BackOff', 'Authorization: Bearer abcdefghijkl was refused');
    await addEvent(fixtures, 'api-6d4b75cb6d-zzzzz', 'Killing', 'pod that is gone');
    await addEvent(fixtures, 'api-gateway-6d4b75cb6d-bcdfg', 'BackOff', 'another workload');
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api', uid: 'u-1', controller: true };
    const selector = { matchLabels: { app: 'api' } };
    await apps.createNamespacedReplicaSet({
      namespace,
      body: {
        metadata: {
          name: 'api-6d4b75cb6d',
          ownerReferences: [owner],
          annotations: { 'deployment.kubernetes.io/revision': '4' },
        },
        spec: {
          selector,
          template: { metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'api', image: 'api:4' }] } },
        },
      },
    });

    const evidence = await connect().evidence('api');

    assert.deepEqual(evidence.events.map(({ reason }) => reason).sort(), ['BackOff', 'Killing']);
    assert.equal(
      evidence.events.some(({ message }) => message.includes('abcdefghijkl')),
      false,
    );
    assert.deepEqual(
      evidence.rollouts.map(({ revision, image }) => [revision, image]),
      [['4', 'api:4']],
    );
    // No kubelet answers here: the log is empty and nothing fails.
    assert.deepEqual(evidence.logLines, []);
  });

  it('the adapter for any object has the API server’s own conflicts, and takes what is not there for absent', async () => {
    fixtures = await createFixtures(plane.kubeconfig);
    const { core, namespace } = fixtures;
    const admin = createKubernetesObjects({ kubeconfig: plane.kubeconfig, namespace });
    await core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: 'chat-config' }, data: { 'app.yaml': 'a: 1' } },
    });
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'chat-config' };
    const now = known(await admin.get(ref));
    await admin.patch(ref, { data: { more: 'x' } }, { runId: 'r', resourceVersion: now.metadata.resourceVersion });
    await rejectsWith(
      admin.patch(ref, { data: { more: 'y' } }, { runId: 'r', resourceVersion: now.metadata.resourceVersion }),
      'conflict',
    );
    await admin.patch(ref, { data: { more: null } }, { runId: 'r2' });
    const after = known(await admin.get(ref));
    assert.equal(JSON.stringify(after).includes('"more"'), false);
    assert.equal(after.metadata.annotations?.['gomeet.dev/run-id'], 'r2');

    assert.equal(await admin.get({ ...ref, name: 'nope' }), undefined);
    assert.deepEqual(await admin.list({ apiVersion: 'nobody.example/v1', kind: 'Nothing' }), []);
    const made = await admin.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' }, data: { a: 'b' } },
      { runId: 'r3' },
    );
    await admin.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' }, data: { a: 'b' } },
      { runId: 'r3' },
    );
    await rejectsWith(
      admin.remove({ ...ref, name: 'mine' }, { uid: '00000000-0000-0000-0000-000000000000' }),
      'conflict',
    );
    await admin.remove({ ...ref, name: 'mine' }, { uid: known(made.metadata.uid) });
    await admin.remove({ ...ref, name: 'mine' });
    assert.equal(
      (await admin.list({ apiVersion: 'apps/v1', kind: 'Deployment', labelSelector: 'app=nobody' })).length,
      0,
    );
  });

  it('says unreachable for an API server that is not there', async () => {
    const kubeconfig = kubeconfigWith(plane.kubeconfig, { server: 'http://127.0.0.1:9' });
    const away = createKubernetesCluster({ kubeconfig, namespace: 'x', retry: { attempts: 1 } });

    await rejectsWith(away.read(), 'unreachable');
  });
});

async function crashed({ core, namespace }: Fixtures, name: string) {
  const pod = await core.readNamespacedPod({ name, namespace });
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' };
  const container = {
    name: 'signaling-service',
    image: 'i',
    imageID: 'i',
    ready: false,
    restartCount: 7,
    state: { waiting },
  };
  return {
    ...pod,
    status: { phase: 'Running', containerStatuses: [container], conditions: [{ type: 'Ready', status: 'False' }] },
  };
}

async function unscheduled({ core, namespace }: Fixtures, name: string) {
  const pod = await core.readNamespacedPod({ name, namespace });
  const message = '0/3 nodes are available: 3 Insufficient cpu.';
  return {
    ...pod,
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    },
  };
}

async function addNode(
  core: Fixtures['core'],
  name: string,
  pool: string | undefined,
  ready: 'True' | 'False',
): Promise<void> {
  const labels = pool === undefined ? {} : { 'doks.digitalocean.com/node-pool': pool };
  const node = await core.createNode({ body: { metadata: { name, labels } } });
  await core.replaceNodeStatus({ name, body: { ...node, status: { conditions: [{ type: 'Ready', status: ready }] } } });
}

async function addEvent({ core, namespace }: Fixtures, object: string, reason: string, message: string): Promise<void> {
  await core.createNamespacedEvent({
    namespace,
    body: {
      metadata: { name: `${object}.${reason.toLowerCase()}` },
      involvedObject: { kind: 'Pod', name: object, namespace },
      reason,
      message,
      firstTimestamp: new Date(),
      lastTimestamp: new Date(),
      type: 'Warning',
    },
  });
}
