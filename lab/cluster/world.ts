import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createLiveKitSource, createWebhookVerifier, type LiveKitSource } from '../../exporters/livekit/source.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { type DigitalOceanFake, type FakePool, startDigitalOceanFake } from '../fakes/digitalocean.ts';
import { freeTcpPort } from '../peers/ports.ts';
import { type RedisPeer, startRedis } from '../peers/redis.ts';
import { platformPolicies } from '../policies.ts';
import { labPool } from '../pool.ts';
import type { SignalWorld } from '../signals.ts';
import { grantResponder } from './access.ts';
import { connectApi, createAll, type LabApi } from './api.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { serveClusterMetrics } from './kube-state.ts';
import { type NodeFleet, startNodeFleet } from './nodes.ts';
import { namespaceObject, sfuDeployment, workloadObject } from './objects.ts';
import { withOwnLoad } from './own-load.ts';
import { keepPools, labPools, type PoolKeeper } from './pools.ts';
import { startSfuService } from './service.ts';
import { bindSfuProcesses, type SfuOptions, type SfuProcess, type SfuProcesses } from './sfu.ts';

/** How the real world is laid out. */
export interface WorldOptions {
  readonly factor: number;
  readonly sfuReplicas: number;
  /** Services beside the SFUs, two pods each. */
  readonly services?: readonly string[];
  /** What a pod of the SFU may take to stop, in seconds; five hours in production. */
  readonly graceSeconds?: number;
  /** A droplet joins the cluster this long after it was asked for. */
  readonly nodeBootMs?: number;
  /** Processors of this machine that a node counts as its own: with few, one busy process is a saturated node. All, unless said. */
  readonly nodeCores?: number;
  /** What runs for an SFU pod of another image. */
  readonly livekitOf?: SfuOptions['livekitOf'];
  readonly onError: (error: unknown) => void;
  readonly onDrain?: (process: SfuProcess) => void;
  readonly onPoolChange?: (pool: FakePool) => void;
}

/** A small GoMeet on real peers: control plane, LiveKit, Redis; only DigitalOcean is played. */
export interface RealWorld {
  readonly namespace: string;
  readonly plane: ControlPlane;
  readonly api: LabApi;
  readonly redis: RedisPeer;
  readonly sfus: SfuProcesses;
  readonly nodes: NodeFleet;
  readonly pools: PoolKeeper;
  readonly cloud: DigitalOceanFake;
  readonly cloudToken: string;
  readonly key: { readonly name: string; readonly secret: string };
  /** RoomService behind the Service. */
  readonly livekitUrl: string;
  /** The same for people: any node may take their signalling. */
  readonly joinUrl: string;
  /** Kubeconfig of the responder's own service account. */
  readonly responderKubeconfig: string;
  /** A source of its own for each reader. */
  openSource(): LiveKitSource;
  /** What the exporter and Prometheus read. */
  readonly signal: SignalWorld;
}

const namespace = 'gomeet';
const cloudToken = 'a-token-of-the-lab';
const key = { name: 'lab-key', secret: 'a-secret-of-the-lab-that-is-long-enough' };

/** Starts it and waits until every SFU serves; what it starts is stopped with `stack`. */
export async function startRealWorld(options: WorldOptions, stack: AsyncDisposableStack): Promise<RealWorld> {
  const { onError } = options;
  const webhookPort = await freeTcpPort();
  const [plane, redis, cloud] = await Promise.all([
    owned(stack, startControlPlane({ controllers: true, scheduler: true, kwok: true, namespace })),
    owned(stack, startRedis()),
    owned(
      stack,
      startDigitalOceanFake({
        ...account(options.sfuReplicas),
        ...(options.onPoolChange === undefined ? {} : { onPoolChange: options.onPoolChange }),
      }),
    ),
  ]);
  const api = connectApi(plane.kubeconfig);
  await createAll(api, [namespaceObject(namespace), ...platformPolicies(namespace)]);
  const responderKubeconfig = await grantResponder(plane, api, namespace);
  // 2 to 4 minutes on DigitalOcean (facts on capacity).
  const nodes = startNodeFleet(api, { bootMs: options.nodeBootMs ?? 120_000 / options.factor, onError });
  stack.defer(() => nodes.close());
  nodes.follow(labPools(cloud), { bootMs: 0 });
  const sfus = await bindSfuProcesses(api, {
    namespace,
    livekit: {
      redisPort: redis.port,
      keys: { [key.name]: key.secret },
      webhookUrls: [`http://127.0.0.1:${webhookPort}/livekit/webhook`],
      config: {
        room: { empty_timeout: 10, departure_timeout: 1 },
        // By rooms: the load that LiveKit would go by is the machine's, and the same for all of them here.
        node_selector: { kind: 'any', sort_by: 'rooms', algorithm: 'lowest' },
      },
    },
    onError,
    ...(options.livekitOf === undefined ? {} : { livekitOf: options.livekitOf }),
    ...(options.onDrain === undefined ? {} : { onDrain: options.onDrain }),
  });
  stack.defer(() => sfus.stop());
  const service = await startSfuService(() => sfus.running());
  stack.defer(() => service.close());
  await createAll(api, [
    sfuDeployment(namespace, {
      replicas: options.sfuReplicas,
      pool: labPool.name,
      graceSeconds: options.graceSeconds ?? 18_000,
      unreachableSeconds: Math.round(300 / options.factor),
    }),
    ...(options.services ?? []).map((name) => workloadObject(namespace, { name, replicas: 2, pool: labPool.name })),
  ]);
  await allServe(api, options.sfuReplicas);
  // Not before: pods that wait for the first nodes would be given one more, and a drill would find a spare.
  const pools = keepPools(api, cloud, nodes, { namespace, everyMs: 500, onError });
  stack.defer(() => pools.close());
  const livekitUrl = `http://${service.address}`;
  const openSource = () =>
    withOwnLoad(
      createLiveKitSource({ url: livekitUrl, apiKey: key.name, apiSecret: key.secret, redisUrl: redis.url }),
      () => sfus.running(),
      options.nodeCores,
    );
  return {
    namespace,
    plane,
    api,
    redis,
    sfus,
    nodes,
    pools,
    cloud,
    cloudToken,
    key,
    livekitUrl,
    joinUrl: `ws://${service.address}`,
    responderKubeconfig,
    openSource,
    signal: {
      factor: options.factor,
      livekit: openSource(),
      serve: () => serveClusterMetrics(api, { namespace, running: () => sfus.running() }),
      webhooks: {
        verify: createWebhookVerifier({ apiKey: key.name, apiSecret: key.secret }),
        port: webhookPort,
      },
    },
  };
}

async function owned<T extends { stop(): Promise<void> }>(
  stack: AsyncDisposableStack,
  starting: Promise<T>,
): Promise<T> {
  const started = await starting;
  stack.defer(() => started.stop());
  return started;
}

function account(nodes: number): Parameters<typeof startDigitalOceanFake>[0] {
  const pool = {
    id: randomUUID(),
    name: labPool.name,
    size: labPool.size,
    count: nodes,
    auto_scale: true,
    min_nodes: nodes,
    max_nodes: labPool.maxNodes,
    labels: null,
    taints: [],
    tags: ['k8s', 'k8s:lab'],
  };
  return {
    token: cloudToken,
    dropletLimit: 50,
    monthToDateUsd: 4_000,
    clusters: [{ id: randomUUID(), name: 'gomeet-lab', region: 'nyc1', tags: ['k8s'], node_pools: [pool] }],
  };
}

async function allServe(api: LabApi, replicas: number): Promise<void> {
  const until = Date.now() + 120_000;
  for (;;) {
    const { status } = await api.apps.readNamespacedDeployment({ name: sfuWorkload.name, namespace });
    const ready = status?.readyReplicas ?? 0;
    const pods = (await api.core.listNamespacedPod({ namespace })).items;
    const waiting = pods.filter(({ spec }) => spec?.nodeName === undefined).length;
    if (ready >= replicas && waiting === 0) return;
    if (Date.now() > until)
      throw new Error(`only ${ready} of ${replicas} SFU pods became ready; ${waiting} pods found no node`);
    await delay(100);
  }
}
