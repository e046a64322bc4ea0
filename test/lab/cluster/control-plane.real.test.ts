import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { PatchStrategy, setHeaderOptions, type V1Pod } from '@kubernetes/client-node';
import {
  annotatePod,
  connectApi,
  createAll,
  type LabApi,
  serviceAccountToken,
  unlessStatus,
} from '../../../lab/cluster/api.ts';
import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import { c32, nodeObject } from '../../../lab/cluster/nodes.ts';
import { namespaceObject, sfuDeployment, workloadObject } from '../../../lab/cluster/objects.ts';
import { crashAnnotation, processStateAnnotation } from '../../../lab/cluster/stages.ts';
import { controlPlaneTools, skipWithout } from '../../support/skip-without.ts';
import { eventually } from './eventually.ts';

const namespace = 'gomeet';

const isReady = (pod: V1Pod) =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

describe('the control plane of the lab', { skip: skipWithout(...controlPlaneTools) }, () => {
  let plane: ControlPlane;
  let api: LabApi;
  const pods = async (app: string) =>
    (await api.core.listNamespacedPod({ namespace, labelSelector: `app=${app}` })).items;
  const node = (name: string) => nodeObject(name, { name: 'sfu', size: c32 });

  before(async () => {
    plane = await startControlPlane({ controllers: true, scheduler: true, kwok: true, namespace });
    api = connectApi(plane.kubeconfig);
    await createAll(api, [namespaceObject(namespace), node('sfu-1'), node('sfu-2')]);
  });
  after(() => plane.stop());

  it('runs the pods of a Deployment on its nodes', async () => {
    await createAll(api, [workloadObject(namespace, { name: 'auth-service', replicas: 2, pool: 'sfu' })]);
    await eventually('two ready pods', async () => {
      const ready = (await pods('auth-service')).filter(isReady);
      return ready.length === 2 ? ready : undefined;
    });
  });

  it('does not place the documented SFU on the documented node: 64 GiB are never free on a c-32', async () => {
    await createAll(api, [sfuDeployment(namespace, { replicas: 1, pool: 'sfu', memoryGib: 64 })]);
    const words = await eventually(
      'the refusal of the scheduler',
      async () =>
        (await pods('livekit-sfu'))[0]?.status?.conditions?.find(({ reason }) => reason === 'Unschedulable')?.message,
    );
    assert.match(words, /2 Insufficient memory/);
    await api.apps.deleteNamespacedDeployment({ name: 'livekit-sfu', namespace });
    await eventually('no SFU pod', async () => ((await pods('livekit-sfu')).length === 0 ? true : undefined));
  });

  it('puts one SFU on a node, and calls none ready before its process says so', async () => {
    await createAll(api, [sfuDeployment(namespace, { replicas: 3, pool: 'sfu' })]);
    const placed = await eventually('two placed, one waiting', async () => {
      const all = await pods('livekit-sfu');
      const waits = all.filter((pod) => pod.status?.conditions?.some(({ reason }) => reason === 'Unschedulable'));
      return all.length === 3 && waits.length === 1 ? all.filter((pod) => pod.spec?.nodeName !== undefined) : undefined;
    });
    assert.equal(new Set(placed.map((pod) => pod.spec?.nodeName)).size, 2);
    await delay(1_500);
    assert.deepEqual((await pods('livekit-sfu')).filter(isReady), []);
    const name = placed[0]?.metadata?.name ?? '';
    await annotatePod(api, { namespace, name }, { [processStateAnnotation]: 'serving' });
    await eventually('the pod that serves is ready', async () => {
      const ready = (await pods('livekit-sfu')).filter(isReady);
      return ready.length === 1 && ready[0]?.metadata?.name === name ? true : undefined;
    });
  });

  it('keeps a deleted SFU pod for as long as its process runs, and takes it away when that has ended', async () => {
    const victim = (await pods('livekit-sfu')).find(isReady)?.metadata?.name ?? '';
    await api.core.deleteNamespacedPod({ name: victim, namespace });
    await delay(1_500);
    const kept = await api.core.readNamespacedPod({ name: victim, namespace });
    assert.notEqual(kept.metadata?.deletionTimestamp, undefined);
    await annotatePod(api, { namespace, name: victim }, { [processStateAnnotation]: 'exited' });
    await eventually('the pod is gone', async () =>
      (await unlessStatus(404, api.core.readNamespacedPod({ name: victim, namespace }))) === undefined
        ? true
        : undefined,
    );
  });

  it('lets a pod crash in a loop, and a rollout restart gives a sound one', async () => {
    const sick = (await pods('auth-service'))[0]?.metadata?.name ?? '';
    await annotatePod(api, { namespace, name: sick }, { [crashAnnotation]: 'true' });
    const status = await eventually('a second restart', async () => {
      const seen = (await api.core.readNamespacedPod({ name: sick, namespace })).status?.containerStatuses?.[0];
      return (seen?.restartCount ?? 0) >= 2 ? seen : undefined;
    });
    assert.equal(status.state?.waiting?.reason, 'CrashLoopBackOff');
    assert.equal(status.ready, false);
    const template = { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-22T00:00:00Z' } } };
    await api.apps.patchNamespacedDeployment(
      { name: 'auth-service', namespace, body: { spec: { template } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    await eventually('two ready pods, and the sick one gone', async () => {
      const all = await pods('auth-service');
      return all.length === 2 && all.every(isReady) && all.every(({ metadata }) => metadata?.name !== sick)
        ? true
        : undefined;
    });
  });

  it('gives a service account a token, and no rights with it', async () => {
    const token = await serviceAccountToken(api, { namespace, name: 'nobody' });
    const other = connectApi(plane.kubeconfigFor('nobody', token));
    await assert.rejects(other.core.listNamespacedPod({ namespace }), /system:serviceaccount:gomeet:nobody/);
  });

  it('leaves neither its folder nor its port behind', async () => {
    const small = await startControlPlane();
    await small.stop();
    assert.equal(existsSync(dirname(small.kubeconfig)), false);
    await assert.rejects(fetch(`${small.url}/readyz`), (error: Error) => /ECONNREFUSED/.test(String(error.cause)));
  });
});
