import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setHeaderOptions } from '@kubernetes/client-node';
import { platformFiles } from '../../cli/deploy/platform.ts';
import { createKube } from '../../deploy/adapters/kubernetes.ts';
import { runChecks } from '../../deploy/checks/define.ts';
import { postDeployment } from '../../deploy/checks/post-deployment.ts';
import { preDeployment } from '../../deploy/checks/pre-deployment.ts';
import type { Kube } from '../../deploy/kube/port.ts';
import { neededKeys } from '../../deploy/kube/secrets.ts';
import type { DeployEvent } from '../../deploy/phases/ports.ts';
import { deploy } from '../../deploy/phases/run.ts';
import { systemClock } from '../../kernel/clock.ts';
import { connectApi, createAll, type LabApi } from '../../lab/cluster/api.ts';
import { type ControlPlane, startControlPlane } from '../../lab/cluster/control-plane.ts';
import { nodeObject } from '../../lab/cluster/nodes.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';
import { environments } from '../../manifests/environments/index.ts';
import { declareInfrastructure } from '../../manifests/infrastructure/declare.ts';
import { dedicatedTaint } from '../../manifests/objects/placement.ts';
import { nodeSize } from '../../model/prices.ts';
import { answersTheApiServer } from '../support/answers-the-api-server.ts';
import { skipWithout } from '../support/skip-without.ts';

const { staging } = environments;
const tools = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'];
// What would have the API server call a pod is left out: none answers here. The test of production has it tried.
const files = platformFiles('staging').map(({ path, objects }) => ({
  path,
  objects: objects.filter((object) => !answersTheApiServer(object)),
}));
const declared = files.flatMap(({ objects }) => objects);

describe('the whole of staging, deployed to a real control plane', {
  skip: skipWithout(...tools),
}, () => {
  let plane: ControlPlane;
  let api: LabApi;
  let kube: Kube;
  let stopped = false;
  let balancing: Promise<void>;
  const events: DeployEvent[] = [];

  before(async () => {
    plane = await startControlPlane({
      controllers: true,
      moreControllers: [
        'daemonset-controller',
        'cronjob-controller',
        'job-controller',
        'resourcequota-controller',
        'persistentvolume-binder-controller',
      ],
      scheduler: true,
      kwok: true,
      namespace,
    });
    api = connectApi(plane.kubeconfig);
    kube = createKube({ kubeconfig: plane.kubeconfig, namespace });
    await createAll(api, [
      ...nodes(),
      ...volumes(),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ]);
    await fillSecrets();
    balancing = giveAddresses();
  });
  after(async () => {
    stopped = true;
    await balancing;
    await plane.stop();
  });

  const run = () =>
    deploy({
      environment: 'staging',
      clusterName: staging.settings.clusterName,
      others: ['production'],
      namespace,
      files,
      kube,
      clock: systemClock,
      parts: {},
      checks: { preDeployment: [], postDeployment: [], validation: [] },
      tell: (event) => events.push(event),
      who: 'test',
      context: 'lab',
      readyWithinMs: 600_000,
      pollMs: 500,
    });
  const ports = () => ({
    kube,
    namespace,
    environment: staging,
    infrastructure: declareInfrastructure(staging),
    declared,
    cloud: undefined,
    query: undefined,
    status: async () => 200,
    resolve: async () => [],
  });

  it('passes the pre-deployment list as far as it can be looked at', async () => {
    const findings = await runChecks(preDeployment(ports()));

    const failed = findings.filter(({ verdict }) => verdict === 'failed');
    assert.deepEqual(failed, []);
    const open = findings.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check);
    assert.deepEqual(open, [
      'DigitalOcean API token configured',
      'Managed services provisioned',
      'DNS records configured',
    ]);
  });

  it('applies every object, waits until all of it runs, and changes nothing when run again', async () => {
    const outcome = await run();
    assert.equal(outcome.is, 'done', JSON.stringify(outcome, undefined, 2));
    const running = await runChecks(postDeployment(ports()));
    const verdicts = Object.fromEntries(running.map(({ check, verdict }) => [check, verdict]));
    assert.equal(verdicts['All pods running'], 'ok');
    assert.equal(verdicts['Load balancer healthy'], 'ok');
    assert.notEqual(verdicts['SSL certificates valid'], 'ok');
    events.splice(0);

    assert.equal((await run()).is, 'done');
    const changed = events.flatMap((event) =>
      event.kind === 'applied' && event.applied.did !== 'unchanged' ? [event.applied] : [],
    );
    assert.deepEqual(
      changed.map(({ ref, did, diff, note }) => `${ref.kind} ${ref.name} ${did} ${diff} ${note}`),
      [],
    );
  });

  async function fillSecrets(): Promise<void> {
    const bySecret = Map.groupBy(neededKeys(declared, namespace), ({ secret }) => secret);
    for (const [name, keys] of bySecret) {
      const value = Buffer.from('not-a-real-one').toString('base64');
      const data = Object.fromEntries(keys.flatMap(({ key }) => (key === undefined ? [] : [[key, value]])));
      await kube.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data });
    }
    const auths = { auths: { 'registry.digitalocean.com': { auth: '' } } };
    await kube.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'registry-credentials', namespace },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': Buffer.from(JSON.stringify(auths)).toString('base64') },
    });
  }

  /** Stands in for DigitalOcean's controller: every load balancer gets an address. */
  async function giveAddresses(): Promise<void> {
    while (!stopped) {
      const { items } = await api.core.listNamespacedService({ namespace });
      for (const { metadata, spec, status } of items) {
        if (spec?.type !== 'LoadBalancer' || (status?.loadBalancer?.ingress ?? []).length > 0) continue;
        const body = { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } };
        const options = setHeaderOptions('Content-Type', 'application/merge-patch+json');
        await api.core.patchNamespacedServiceStatus({ name: metadata?.name ?? '', namespace, body }, options);
      }
      await systemClock.sleep(200);
    }
  }
});

function nodes() {
  return staging.pools.flatMap((pool) => {
    const size = nodeSize(pool.size);
    assert.ok(size);
    return Array.from({ length: pool.minNodes }, (_none, index) =>
      nodeObject(`${pool.name}-${index}`, {
        name: pool.name,
        size: { slug: size.slug, cpuCores: size.vcpus, memoryGib: size.memoryGib },
        ...(pool.dedicated ? { taints: [dedicatedTaint(pool.name)] } : {}),
      }),
    );
  });
}

/** Volumes that stand in for those that DigitalOcean's driver would make. */
function volumes() {
  return staging.workloads.flatMap(({ name, replicas, storage = [] }) =>
    storage.flatMap(({ gib }) =>
      Array.from({ length: replicas }, (_none, index) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `${name}-${index}` },
        spec: {
          capacity: { storage: `${gib}Gi` },
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'do-block-storage-optimized',
          hostPath: { path: '/volume' },
        },
      })),
    ),
  );
}
