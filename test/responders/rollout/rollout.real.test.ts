import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeInformer, type V1Deployment } from '@kubernetes/client-node';
import { duration } from '../../../kernel/duration.ts';
import { connectApi, createAll, type LabApi } from '../../../lab/cluster/api.ts';
import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import { type HttpPeer, startPrometheus } from '../../../lab/peers/prometheus.ts';
import { createSimulator } from '../../../lab/simulator/simulator.ts';
import { progressOf } from '../../../responders/act/procedure.ts';
import { createKubernetesObjects } from '../../../responders/adapters/kubernetes/any.ts';
import { createKubernetesCluster } from '../../../responders/adapters/kubernetes/cluster.ts';
import { PrometheusMetrics } from '../../../responders/adapters/prometheus.ts';
import { readRun } from '../../../responders/store/runs.ts';
import { makeWish, readWishAnswer } from '../../../responders/store/wishes.ts';
import { testDatabase } from '../../support/database.ts';
import { type Rig, rigDeclared, startRig, waitFor } from '../../support/rig.ts';
import { controlPlaneTools, skipWithout } from '../../support/skip-without.ts';
import {
  ingressRoute,
  namespace,
  plainNode,
  routes,
  serviceObjects,
  startGateway,
  type Traffic,
  waitForRoute,
} from './stage.ts';

const services = ['auth-service', 'chat-service', 'meeting-service', 'signaling-service'];
const digest = `sha256:${'b'.repeat(64)}`;

describe('rollouts on a real control plane, judged by a real Prometheus', {
  skip: skipWithout(...controlPlaneTools, 'prometheus'),
}, () => {
  let plane: ControlPlane;
  let api: LabApi;
  let rig: Rig;
  let prometheus: HttpPeer;
  let gateway: Server;
  let folder: string;
  const traffic: Traffic = {};
  const startedAtMs = Date.now();

  before(async () => {
    plane = await startControlPlane({ controllers: true, scheduler: true, kwok: true, namespace });
    api = connectApi(plane.kubeconfig);
    await createAll(api, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
    await api.objects.create(plainNode('n1'));
    await routes(api);
    for (const name of services) await createAll(api, serviceObjects(name));
    for (const name of services) await waitForRoute(() => api.objects.create(ingressRoute(name)));
    folder = await mkdtemp(join(tmpdir(), 'gomeet-rollout-'));
    gateway = await startGateway(traffic, startedAtMs);
    prometheus = await startPrometheus({
      folder,
      config: {
        global: { scrape_interval: '1s' },
        scrape_configs: [
          {
            job_name: 'traefik',
            static_configs: [{ targets: [`127.0.0.1:${(gateway.address() as AddressInfo).port}`] }],
          },
        ],
      },
      rules: { groups: [] },
    });
    const kubernetes = { kubeconfig: plane.kubeconfig, namespace };
    const simulator = createSimulator({ factor: 60 });
    rig = await startRig(await testDatabase(), {
      simulator,
      ports: {
        cluster: createKubernetesCluster(kubernetes),
        objects: createKubernetesObjects(kubernetes),
        registry: { digest: async () => digest },
        fleet: simulator.fleet,
        cloud: simulator.cloud,
        alertmanager: { activeAlerts: async () => [], silence: async () => 's' },
      },
      metrics: new PrometheusMetrics({ url: prometheus.url }),
      // Neither the order of the alphabet nor that in which the API server lists them.
      declared: { ...rigDeclared, workloads: rigDeclared.workloads.toReversed() },
      // Three canaries that go back, in whatever order, would open the breaker before what follows.
      scaleLimits: (limits) => ({ ...limits, cooldown: duration('0s'), breakerAfter: 10 }),
    });
    for (const name of services) await waitFor(async () => (await ready(name)) === 3, `${name} to be ready`);
  });

  after(async () => {
    await rig?.close();
    await prometheus?.stop();
    gateway?.close();
    await plane?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  async function ready(name: string): Promise<number> {
    return (await api.apps.readNamespacedDeployment({ name, namespace })).status?.readyReplicas ?? 0;
  }

  /** Times that Prometheus has read what the gateway counts for a Service. */
  async function scrapes(name: string): Promise<number> {
    const label = `service="gomeet-${name}-8080@kubernetescrd"`;
    const metrics = new PrometheusMetrics({ url: prometheus.url });
    const [found] = await metrics.query(`count_over_time(traefik_service_requests_total{${label},code="200"}[1m])`);
    return found?.value ?? 0;
  }

  async function image(name: string): Promise<string | undefined> {
    return (await api.apps.readNamespacedDeployment({ name, namespace })).spec?.template.spec?.containers[0]?.image;
  }

  async function played(params: object, action: 'rollOut' | 'restartAll' = 'rollOut') {
    const { core } = rig.responder;
    const id = await makeWish(core.database, {
      by: 'cli:bob',
      action,
      params,
      dryRun: false,
      forMs: 600_000,
    });
    await waitFor(async () => (await readWishAnswer(core.database, id)) !== undefined, 'an answer');
    const answer = await readWishAnswer(core.database, id);
    assert.equal(answer?.outcome, 'act', answer?.saw);
    const runId = answer?.runId ?? '';
    await waitFor(async () => (await readRun(core.database, runId))?.finishedAtMs !== undefined, 'its end');
    const run = await readRun(core.database, runId);
    assert.ok(run !== undefined);
    return { run, steps: progressOf(run)?.steps ?? [] };
  }

  const canary = (workload: string, image = 'v2') => ({
    workload,
    image,
    strategy: 'canary',
    canaryPercent: 10,
    soak: '8s',
    minRequests: 100,
  });

  it('a canary that is good is promoted, one with errors, one that is slow and one without traffic go back, all by themselves', async () => {
    const gets = (name: string, canaryTraffic: Traffic[string]) => {
      traffic[`${name}-stable`] = { perSecond: 100, errorRatio: 0.005 };
      traffic[`${name}-canary`] = canaryTraffic;
    };
    gets('auth-service', { perSecond: 50, errorRatio: 0.005 });
    gets('chat-service', { perSecond: 50, errorRatio: 0.3 });
    gets('meeting-service', { perSecond: 50, errorRatio: 0.005, slow: true });
    gets('signaling-service', { perSecond: 0.5, errorRatio: 0 });

    const [good, bad, slow, idle] = await Promise.all(services.toSorted().map((name) => played(canary(name))));

    assert.equal(good?.run.state, 'verified', good?.run.reason);
    assert.equal(await image('auth-service'), `registry/gomeet/auth-service:v2@${digest}`);
    assert.equal(bad?.run.state, 'not-improved');
    assert.match(bad?.run.reason ?? '', /more errors/);
    assert.equal(slow?.run.state, 'not-improved');
    assert.match(slow?.run.reason ?? '', /slower/);
    assert.equal(idle?.run.state, 'not-improved');
    assert.match(idle?.run.reason ?? '', /no pass/);
    for (const name of ['chat-service', 'meeting-service', 'signaling-service'])
      assert.equal(await image(name), `registry/gomeet/${name}:v1`, name);
    // Nothing is left behind, and the routes lead where they led.
    for (const name of services) {
      assert.deepEqual(await leftovers(api, name), []);
      assert.equal(await ready(name), 3);
    }
  });

  it('blue-green switches, is judged against the time before, and leaves the Service as it was', async () => {
    traffic['auth-service'] = { perSecond: 100, errorRatio: 0.005 };
    await waitFor(async () => (await scrapes('auth-service')) >= 4, 'the time before to be on record');
    const ran = await played({
      workload: 'auth-service',
      image: 'v3',
      strategy: 'blue-green',
      soak: '8s',
      minRequests: 100,
    });

    assert.equal(ran.run.state, 'verified', ran.run.reason);
    assert.equal(await image('auth-service'), `registry/gomeet/auth-service:v3@${digest}`);
    assert.deepEqual(await leftovers(api, 'auth-service'), []);
  });

  it('rolls back to the revision that was good, which is not always the second', async () => {
    const { core } = rig.responder;
    const id = await makeWish(core.database, {
      by: 'cli:bob',
      action: 'rollBack',
      params: { workload: 'auth-service' },
      dryRun: false,
      forMs: 600_000,
    });
    await waitFor(async () => (await readWishAnswer(core.database, id)) !== undefined, 'an answer');
    const runId = (await readWishAnswer(core.database, id))?.runId ?? '';
    await waitFor(async () => (await readRun(core.database, runId))?.finishedAtMs !== undefined, 'its end').catch(
      async (error: unknown) => assert.fail(`${error}: ${(await readRun(core.database, runId))?.reason}`),
    );

    assert.equal((await readRun(core.database, runId))?.state, 'verified');
    assert.equal(await image('auth-service'), `registry/gomeet/auth-service:v2@${digest}`);
  });

  it('restarts several, and all, in the declared order, whatever the order in which they are asked for, none before the one ahead of it is whole, as the API server saw it', async () => {
    const orders = [
      ['meeting-service', 'auth-service'],
      ['signaling-service', 'meeting-service', 'chat-service', 'auth-service'],
    ];
    const restarted: { name: string; whileOthers: readonly string[] }[] = [];
    const last = new Map<string, V1Deployment>();
    const informer = makeInformer<V1Deployment>(api.config, `/apis/apps/v1/namespaces/${namespace}/deployments`, () =>
      api.apps.listNamespacedDeployment({ namespace }),
    );
    const moment = (one: V1Deployment | undefined) =>
      one?.spec?.template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt'];
    const isWhole = ({ metadata, spec, status }: V1Deployment) =>
      status?.observedGeneration === metadata?.generation &&
      [status?.replicas, status?.updatedReplicas, status?.readyReplicas].every((count) => count === spec?.replicas);
    informer.on('add', (one) => void last.set(one.metadata?.name ?? '', one));
    informer.on('update', (one) => {
      const name = one.metadata?.name ?? '';
      const others = [...last.entries()].filter(([other]) => other !== name);
      if (moment(one) !== moment(last.get(name)))
        restarted.push({ name, whileOthers: others.flatMap(([other, now]) => (isWhole(now) ? [] : [other])) });
      last.set(name, one);
    });
    await informer.start();
    try {
      // What `gomeet restart --all` asks for names none.
      for (const params of [{ workloads: ['auth-service', 'meeting-service'] }, {}]) {
        const { run } = await played(params, 'restartAll');
        assert.equal(run.state, 'verified', run.reason);
      }
      await waitFor(async () => restarted.length >= orders.flat().length, 'every restart to be seen');
    } finally {
      await informer.stop();
    }

    assert.deepEqual(
      restarted,
      orders.flat().map((name) => ({ name, whileOthers: [] })),
    );
  });
});

async function leftovers(api: LabApi, name: string): Promise<string[]> {
  const at = namespace;
  const left: string[] = [];
  for (const other of ['canary', 'green'])
    if (await api.apps.readNamespacedDeployment({ name: `${name}-${other}`, namespace: at }).catch(() => undefined))
      left.push(`${name}-${other}`);
  for (const side of ['stable', 'canary'])
    if (await api.core.readNamespacedService({ name: `${name}-${side}`, namespace: at }).catch(() => undefined))
      left.push(`service ${name}-${side}`);
  const service = await api.core.readNamespacedService({ name, namespace: at });
  if (Object.keys(service.spec?.selector ?? {}).join() !== 'app')
    left.push(`selector ${JSON.stringify(service.spec?.selector)}`);
  const routes = await api.objects.list('traefik.io/v1alpha1', 'IngressRoute', at);
  if (routes.items.length !== services.length) left.push(`${routes.items.length} routes`);
  return left;
}
