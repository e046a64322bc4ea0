import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { V1Pod } from '@kubernetes/client-node';
import { platformFiles } from '../../cli/deploy/platform.ts';
import { connectApi, createAll, type LabApi, serviceAccountToken } from '../../lab/cluster/api.ts';
import { type Applier, openApplier } from '../../lab/cluster/apply.ts';
import { type ControlPlane, startControlPlane } from '../../lab/cluster/control-plane.ts';
import { addons } from '../../manifests/addons/index.ts';
import { environments } from '../../manifests/environments/index.ts';
import { privileged } from '../../manifests/files/pod-security.ts';
import { poolLabel } from '../../manifests/objects/placement.ts';
import { createKubernetesObjects } from '../../responders/adapters/kubernetes/any.ts';
import { kubernetesSource } from '../../responders/backup/objects.ts';
import { eventually } from '../lab/cluster/eventually.ts';
import { answersTheApiServer } from '../support/answers-the-api-server.ts';
import { poolNodes, volumesFor } from '../support/pool-nodes.ts';
import { controlPlaneTools, skipWithout } from '../support/skip-without.ts';

const { production } = environments;
const namespace = 'gomeet';
const controllers = [
  'daemonset-controller',
  'cronjob-controller',
  'job-controller',
  'resourcequota-controller',
  'persistentvolume-binder-controller',
];

describe('production on a real control plane', { skip: skipWithout(...controlPlaneTools) }, () => {
  let plane: ControlPlane;
  let api: LabApi;
  let applier: Applier;
  const files = platformFiles('production');
  const pods = async () => (await api.core.listNamespacedPod({ namespace })).items;

  before(async () => {
    plane = await startControlPlane({
      controllers: true,
      moreControllers: controllers,
      scheduler: true,
      kwok: true,
      namespace,
    });
    api = connectApi(plane.kubeconfig);
    applier = await openApplier(plane);
    for (const { path, objects } of files.slice(0, addons.length)) await applyAll(path, objects);
    await createAll(api, [...poolNodes(production), ...volumesFor(production)]);
    await eventually('the custom resources are served', async () => {
      const lists = await Promise.allSettled([
        api.objects.list('keda.sh/v1alpha1', 'ScaledObject', namespace),
        api.objects.list('traefik.io/v1alpha1', 'Middleware', namespace),
        api.objects.list('cert-manager.io/v1', 'Certificate', namespace),
      ]);
      return lists.every(({ status }) => status === 'fulfilled') ? true : undefined;
    });
  });
  after(async () => {
    await plane?.stop();
  });

  it('takes every object, file by file in the order of the documents', async () => {
    for (const { path, objects } of files) await applyAll(path, objects);
  });

  it('runs the add-ons too, in namespaces that Pod Security holds to the restricted profile', async () => {
    for (const { name, namespace: of = namespace } of production.workloads.filter((one) => one.rendered === 'upstream'))
      await eventually(`${name} is available`, async () => {
        const { status } = await api.apps.readNamespacedDeployment({ name, namespace: of });
        return status?.availableReplicas === 1 ? true : undefined;
      });
  });

  it('places every pod on the nodes of its pool, one SFU a node, and runs it', async () => {
    const expected = production.workloads
      .filter(({ kind, rendered }) => kind !== 'managed' && kind !== 'CronJob' && rendered === undefined)
      .reduce(
        (sum, { kind, replicas: count }) => sum + (kind === 'DaemonSet' ? poolNodes(production).length : count),
        0,
      );
    const running = await eventually('all pods run', async () => {
      const all = (await pods()).filter(({ status }) => status?.phase === 'Running');
      return all.length >= expected ? all : undefined;
    }).catch(async (error: unknown) => assert.fail(`${String(error)}: ${await whatWaits()}`));
    assert.equal(running.length, expected);
    const poolOf = new Map(
      poolNodes(production).map(({ metadata }) => [metadata?.name ?? '', metadata?.labels?.[poolLabel]]),
    );
    for (const { name, pool, kind } of production.workloads) {
      if (kind === 'DaemonSet' || pool === undefined) continue;
      const own = running.filter((pod) => pod.metadata?.labels?.['app'] === name);
      for (const pod of own) assert.equal(poolOf.get(pod.spec?.nodeName ?? ''), pool, pod.metadata?.name);
    }
    const sfus = running.filter((pod) => pod.metadata?.labels?.['app'] === 'livekit-sfu');
    assert.equal(new Set(sfus.map(({ spec }) => spec?.nodeName)).size, 25);
  });

  it("lets the backup's account dump every object that a backup holds", async () => {
    const name = 'backup';
    const kubeconfig = await plane.kubeconfigFor(name, await serviceAccountToken(api, { namespace, name }));
    const objects = createKubernetesObjects({ kubeconfig, namespace });
    const dump = await kubernetesSource(objects, () => 0).dump(new AbortController().signal);
    for await (const _chunk of dump.stream);
    const { counts } = await dump.facts();
    for (const kind of [
      'Deployment',
      'CronJob',
      'ScaledObject',
      'IngressRoute',
      'Certificate',
      'Role',
      'NetworkPolicy',
    ])
      assert.ok((counts[kind] ?? 0) > 0, kind);
    await assert.rejects(objects.list({ apiVersion: 'v1', kind: 'Secret' }), /forbidden|403/);
  });

  it('holds every pod but the listed ones to the restricted profile', async () => {
    const wrong: readonly ((pod: V1Pod) => void)[] = [
      (pod) => Object.assign(pod.spec ?? {}, { hostNetwork: true }),
      (pod) => Object.assign(pod.spec?.securityContext ?? {}, { runAsUser: 0, runAsNonRoot: false }),
      (pod) => Object.assign(pod.spec?.securityContext ?? {}, { fsGroup: 2_000 }),
      (pod) => Object.assign(pod.spec?.containers[0]?.securityContext ?? {}, { readOnlyRootFilesystem: false }),
      (pod) => Object.assign(pod.spec?.containers[0]?.securityContext?.capabilities ?? {}, { add: ['NET_ADMIN'] }),
      (pod) => Object.assign(pod.spec?.containers[0]?.securityContext ?? {}, { allowPrivilegeEscalation: true }),
      (pod) => pod.spec?.volumes?.push({ name: 'node', hostPath: { path: '/' } }),
    ];
    const asAuth = await template('auth-service');
    await admitted(asAuth);
    for (const [index, spoil] of wrong.entries()) {
      const pod = structuredClone(asAuth);
      spoil(pod);
      await assert.rejects(admitted(pod), /gomeet-pod-security/, `spoilt ${index}`);
    }
    for (const { name } of privileged(production.workloads)) await admitted(await template(name));
  });

  it('would pass Pod Security admission itself in a restricted namespace, but for the listed ones', async () => {
    const restricted = 'restricted';
    await createAll(api, [
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: restricted, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: restricted } },
    ]);
    const excepted = privileged(production.workloads).map(({ name }) => name);
    const apps = new Set((await pods()).map(({ metadata }) => metadata?.labels?.['app'] ?? ''));
    for (const app of apps) {
      const pod = await template(app);
      pod.metadata = { name: 'probe', namespace: restricted };
      if (pod.spec) pod.spec.serviceAccountName = 'default';
      if (excepted.includes(app)) await assert.rejects(admitted(pod, restricted), /violates PodSecurity/, app);
      else await admitted(pod, restricted);
    }
  });

  async function applyAll(path: string, objects: (typeof files)[number]['objects']): Promise<void> {
    for (const object of objects)
      await applier
        .apply(object, { dryRun: answersTheApiServer(object) })
        .catch((error: unknown) => assert.fail(`${path}: ${String(error)}`));
  }

  /** Why pods do not run, for whoever reads the failure. */
  async function whatWaits(): Promise<string> {
    const waiting = (await pods()).filter(({ status }) => status?.phase !== 'Running');
    const { items } = await api.core.listNamespacedEvent({ namespace });
    const warned = items
      .filter(({ type }) => type === 'Warning')
      .map(({ involvedObject, message }) => `${involvedObject.name}: ${message}`);
    const said = Object.entries(plane.outputs()).map(([name, text]) => [name, text.slice(-300)]);
    return JSON.stringify({
      said,
      running: (await pods()).length - waiting.length,
      waiting: waiting
        .slice(0, 5)
        .map(({ metadata, spec, status }) => [
          metadata?.name,
          spec?.nodeName,
          status?.conditions?.map(({ message }) => message),
        ]),
      warned: [...new Set(warned)].slice(-8),
      deployments: (await api.apps.listNamespacedDeployment({ namespace })).items
        .filter(({ spec, status }) => spec?.replicas !== status?.readyReplicas)
        .map(({ metadata, status }) => [metadata?.name, status?.conditions?.map(({ message }) => message)]),
    });
  }

  /** A pod of the workload as its controller would make it. */
  async function template(app: string): Promise<V1Pod> {
    const pod = (await pods()).find(({ metadata }) => metadata?.labels?.['app'] === app);
    assert.ok(pod?.spec, app);
    const { nodeName: _node, ...spec } = structuredClone(pod.spec);
    return { metadata: { name: `${app}-probe`, namespace, labels: { app: 'probe' } }, spec };
  }

  function admitted(body: V1Pod, into = namespace): Promise<unknown> {
    return api.core.createNamespacedPod({ namespace: into, body, dryRun: 'All' });
  }
});
