import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type KubernetesObject, PatchStrategy } from '@kubernetes/client-node';
import { platformFiles } from '../../cli/deploy/platform.ts';
import { grantResponder } from '../../lab/cluster/access.ts';
import { connectApi, createAll, type LabApi } from '../../lab/cluster/api.ts';
import { openApplier } from '../../lab/cluster/apply.ts';
import { type ControlPlane, startControlPlane } from '../../lab/cluster/control-plane.ts';
import { type Keda, startKeda } from '../../lab/cluster/keda.ts';
import { usePod } from '../../lab/cluster/kubelet-metrics.ts';
import { startMetricsServer } from '../../lab/cluster/metrics-server.ts';
import { startPrometheus } from '../../lab/peers/prometheus.ts';
import { addons } from '../../manifests/addons/index.ts';
import { environments } from '../../manifests/environments/index.ts';
import { autoscaled, hpaName, hpaSpec } from '../../manifests/files/hpa.ts';
import { createKubernetesCluster } from '../../responders/adapters/kubernetes/cluster.ts';
import { quantity } from '../../responders/trouble/quantity.ts';
import { eventually } from '../lab/cluster/eventually.ts';
import { type DrivenMetrics, serveDrivenMetrics } from '../support/driven-metrics.ts';
import { poolNodes } from '../support/pool-nodes.ts';
import { controlPlaneTools, skipWithout } from '../support/skip-without.ts';

const { production } = environments;
const namespace = 'gomeet';
const auto = autoscaled(production.workloads);
const floors = Object.fromEntries(auto.map(({ workload }) => [workload.name, workload.replicas]));
const byQuery = auto.filter(({ scaling }) => scaling.metrics !== undefined).map(({ workload }) => workload.name);
const tools = [...controlPlaneTools, 'openssl', 'prometheus', 'metrics-server', 'keda-operator', 'keda-adapter'];

/** What makes each workload want so many pods: who is there, what is asked for, or what its pods use. */
const surge = {
  // 60,000 people: 30 pods of signaling at 2,000 each; the SFUs' 150 are above their maximum.
  participants: 60_000,
  rooms: 800,
  requestsPerSecond: { 'auth-service-8080': 1_150, 'chat-service-8080': 2_500, 'frontend-5173': 1_650 },
  gatewayPerSecond: 80_000,
};
/** 8 x 95 / 70 of the CPU asked for, 3 x 95 / 70; each container of PgBouncer's pods far more memory than it asks for. */
const busy = { 'turn-service': 'cpu', 'livekit-recorder': 'cpu', 'pgbouncer-do': 'memory' } as const;
const wanted: Readonly<Record<string, number>> = {
  'auth-service': 12,
  'meeting-service': 16,
  'signaling-service': 30,
  'chat-service': 13,
  'turn-service': 11,
  'livekit-sfu': 100,
  'livekit-recorder': 5,
  traefik: 8,
  frontend: 4,
  'pgbouncer-do': 15,
};

describe('the autoscalers with metrics-server and KEDA', { skip: skipWithout(...tools) }, () => {
  const stack = new AsyncDisposableStack();
  let plane: ControlPlane;
  let api: LabApi;
  let keda: Keda;
  let driven: DrivenMetrics;
  let roseAtMs = 0;
  let responder: ReturnType<typeof createKubernetesCluster>;

  const hpaOf = (workload: string) =>
    api.autoscaling.readNamespacedHorizontalPodAutoscaler({ name: hpaName(workload), namespace });
  const replicas = async (): Promise<Record<string, number | undefined>> => {
    const { items } = await api.apps.listNamespacedDeployment({ namespace });
    return Object.fromEntries(items.map(({ metadata, spec }) => [metadata?.name ?? '', spec?.replicas]));
  };
  /** The HPA says that of itself. */
  const says = (workload: string, type: string, status: string, reason: RegExp) =>
    eventually(`${workload}: ${type} ${status} ${reason}`, async () => {
      const { conditions = [] } = (await hpaOf(workload)).status ?? {};
      return conditions.find((one) => one.type === type && one.status === status && reason.test(one.reason ?? ''));
    }).catch(async (error: unknown) =>
      assert.fail(`${String(error)}: ${JSON.stringify((await hpaOf(workload)).status)} ${said()}`),
    );
  const said = () => JSON.stringify(Object.entries(keda.outputs()).map(([name, text]) => [name, text.slice(-1_500)]));

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gomeet-autoscaling-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    driven = await serveDrivenMetrics();
    stack.defer(() => driven.close());
    const scrape = { job_name: 'driven', static_configs: [{ targets: [driven.address] }], scrape_interval: '1s' };
    const prometheus = await startPrometheus({
      folder,
      config: { scrape_configs: [scrape] },
      rules: {},
      lookback: '5s',
    });
    stack.defer(() => prometheus.stop());
    plane = await startControlPlane({ controllers: true, scheduler: true, kwok: true, metrics: true, namespace });
    stack.defer(() => plane.stop());
    api = connectApi(plane.kubeconfig);
    const applier = await openApplier(plane);
    const files = platformFiles('production');
    const own = (objects: (typeof files)[number]['objects'], kinds: readonly string[]) =>
      objects.filter(
        ({ kind, metadata: { name } }) => kinds.includes(kind) && (kind !== 'Deployment' || name in floors),
      );
    // No pod of the lab answers KEDA's webhook; its two APIs are served below.
    const addonObjects = files
      .slice(0, addons.length)
      .flatMap(({ objects }) => objects.filter(({ kind }) => !kind.endsWith('WebhookConfiguration')));
    for (const object of addonObjects) await applier.apply(object);
    await createAll(api, [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      ...poolNodes(production),
      ...secrets(),
    ]);
    for (const { objects } of files)
      for (const object of own(objects, ['PriorityClass', 'ServiceAccount', 'ConfigMap', 'Deployment']))
        await applier.apply(object);
    const starting = startMetricsServer(plane, api);
    stack.defer(async () => (await starting).stop());
    keda = await startKeda(plane, api, { watch: namespace, prometheusUrl: prometheus.url });
    stack.defer(() => keda.stop());
    await starting;
    for (const { objects } of files)
      for (const object of own(objects, ['ScaledObject', 'HorizontalPodAutoscaler'])) await applier.apply(object);
    responder = createKubernetesCluster({ kubeconfig: await grantResponder(plane, api, namespace), namespace });
  });
  after(async () => await stack.disposeAsync());

  it('has one for each workload of the README, under its documented name: what KEDA makes is what is declared', async () => {
    for (const { workload, scaling } of auto) {
      const declared = hpaSpec(workload, scaling);
      const made = await eventually(`${hpaName(workload.name)} is there`, async () =>
        hpaOf(workload.name).catch(() => undefined),
      );
      const { metrics, ...spec } = declared;
      assert.partialDeepStrictEqual(plain(made.spec), plain(spec), workload.name);
      assert.deepEqual(byName(made.spec?.metrics ?? []), byName(metrics), workload.name);
    }
  });

  it('leaves each at its least while no query has an answer: no data is no wish', async () => {
    for (const name of byQuery) await says(name, 'ScalingActive', 'False', /^FailedGet/);

    assert.deepEqual(await replicas(), floors);
  });

  it('moves each up when its own metric rises, and none above its maximum', async () => {
    driven.set(surge);
    const { items } = await api.core.listNamespacedPod({ namespace });
    for (const [workload, what] of Object.entries(busy)) {
      const own = production.workloads.find(({ name }) => name === workload)?.requests;
      assert.ok(own);
      const uses =
        what === 'cpu' ? { cpu: `${own.cpuCores * 950}m` } : { memory: `${Math.round(own.memoryGib * 1_126)}Mi` };
      for (const { metadata } of items)
        if (metadata?.name?.startsWith(`${workload}-`)) await usePod(api, { namespace, name: metadata.name }, uses);
    }
    const least = (name: string) => wanted[name] ?? Number.POSITIVE_INFINITY;
    const now = await eventually('all have moved', async () => {
      const all = await replicas();
      return Object.keys(wanted).every((name) => (all[name] ?? 0) >= least(name)) ? all : undefined;
    }).catch(async (error: unknown) => assert.fail(`${String(error)}: ${JSON.stringify(await replicas())} ${said()}`));
    roseAtMs = Date.now();
    await says('livekit-sfu', 'ScalingLimited', 'True', /^TooManyReplicas$/);

    // A rate over two minutes is a tenth too high while it has seen little.
    for (const [name, count] of Object.entries(now))
      assert.ok((count ?? 0) <= Math.ceil(least(name) * 1.2), `${name}: ${count}`);
    for (const { workload } of auto) assert.ok((now[workload.name] ?? 0) <= workload.maxReplicas, workload.name);
  });

  it('lets nothing go at once when they fall, and no SFU ever', async () => {
    const before = await replicas();
    driven.set({ ...surge, participants: 4_000, rooms: 100 });
    await says('signaling-service', 'AbleToScale', 'True', /^ScaleDownStabilized$/);
    const wish = await eventually('the SFU autoscaler has read that few people are left', async () => {
      const found = await responder.deployment('livekit-sfu');
      return found?.autoscaler?.desiredReplicas === 10 ? found : undefined;
    });

    assert.equal(
      (await hpaOf('livekit-sfu')).status?.desiredReplicas,
      100,
      'in its own words it wants all that there are',
    );
    assert.equal(wish.replicas, 100);
    const now = await replicas();
    for (const [name, count] of Object.entries(before)) assert.ok((now[name] ?? 0) >= (count ?? 0), name);
  });

  it('takes an SFU out where the responder says so, which the autoscaler does not take back', async () => {
    const sfu = await responder.deployment('livekit-sfu');
    assert.ok(sfu);
    await responder.scale({ deployment: sfu.name, replicas: 99, resourceVersion: sfu.resourceVersion, runId: 'drain' });
    await eventually('the autoscaler has looked again', async () =>
      (await hpaOf('livekit-sfu')).status?.desiredReplicas === 99 ? true : undefined,
    );

    assert.equal((await replicas())['livekit-sfu'], 99);
  });

  it('keeps a floor that the responder raised: KEDA hands it on and does not take it back', async () => {
    const frontend = await responder.deployment('frontend');
    assert.equal(frontend?.autoscaler?.kind, 'ScaledObject');
    await responder.setFloor({ autoscaler: frontend.autoscaler, minReplicas: 9, runId: 'floor' });
    await eventually('nine run', async () => ((await replicas())['frontend'] === 9 ? true : undefined));
    // Whatever else changes on it makes KEDA write the HPA again.
    await patchScaledObject('frontend', { spec: { maxReplicaCount: 19 } });
    await eventually('KEDA has written it again', async () =>
      (await hpaOf('frontend')).spec?.maxReplicas === 19 ? true : undefined,
    );

    assert.equal((await hpaOf('frontend')).spec?.minReplicas, 9);
    assert.equal((await replicas())['frontend'], 9);
  });

  it('goes down by a tenth a minute once five calm minutes are over', async () => {
    // Five minutes are long for a test: this one is told that they are over.
    // And what was added within the minute counts as not there when the tenth is reckoned.
    await delay(Math.max(0, roseAtMs + 65_000 - Date.now()));
    const body = {
      spec: {
        advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } } },
      },
    };
    const before = (await replicas())['signaling-service'] ?? 0;
    await patchScaledObject('signaling-service', body);
    const first = await eventually('the first step down', async () => {
      const now = (await replicas())['signaling-service'];
      return now === before ? undefined : now;
    });

    assert.equal(first, before - Math.floor(before / 10));
    await says('signaling-service', 'ScalingLimited', 'True', /^ScaleDownLimit$/);
  });

  it('holds what there is when queries stop to answer', async () => {
    driven.set(undefined);
    for (const name of ['livekit-sfu', 'meeting-service']) await says(name, 'ScalingActive', 'False', /^FailedGet/);
    await delay(1_000);

    const now = await replicas();
    assert.equal(now['livekit-sfu'], 99);
    assert.ok((now['meeting-service'] ?? 0) >= 16);
    assert.equal((await responder.deployment('livekit-sfu'))?.autoscaler?.desiredReplicas, undefined, 'it cannot say');
  });

  async function patchScaledObject(name: string, body: object): Promise<void> {
    const object = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name, namespace }, ...body };
    await api.objects.patch(object, ...[undefined, undefined, undefined, undefined], PatchStrategy.MergePatch);
  }
});

interface Named {
  readonly resource?: { readonly name: string };
  readonly external?: { readonly metric: { readonly name?: string } };
}

/** KEDA has an order of its own. */
function byName(metrics: readonly Named[]): unknown {
  return plain(Object.fromEntries(metrics.map((one) => [one.resource?.name ?? one.external?.metric.name, one])));
}

function plain(of: unknown): unknown {
  // The API server writes 2000 as 2k.
  return JSON.parse(JSON.stringify(of), (key, value) => (key === 'averageValue' ? quantity(value) : value));
}

/** KEDA looks up what the containers of its target read, and makes no autoscaler where a key is missing. */
function secrets(): readonly KubernetesObject[] {
  const keys = production.workloads.flatMap(({ secretKeys }) => secretKeys.map((key) => key.split('/')));
  return [...Map.groupBy(keys, ([name]) => name ?? '')].map(([name, own]): object => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData: Object.fromEntries(own.map(([, key]) => [key, 'made-up'])),
  }));
}
