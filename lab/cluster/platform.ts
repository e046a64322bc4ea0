import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText, PortError } from '../../kernel/errors.ts';
import { type Log, silentLog } from '../../kernel/log.ts';
import { startOnStack } from '../../kernel/stack.ts';
import { createDigitalOcean } from '../../responders/adapters/digitalocean/account.ts';
import { createDatabases } from '../../responders/adapters/digitalocean/databases.ts';
import { createEdge } from '../../responders/adapters/digitalocean/edge.ts';
import { createKubernetesObjects } from '../../responders/adapters/kubernetes/any.ts';
import { createKubernetesCluster } from '../../responders/adapters/kubernetes/cluster.ts';
import { createLiveKitFleet } from '../../responders/adapters/livekit/rooms.ts';
import { PrometheusMetrics } from '../../responders/adapters/prometheus.ts';
import { startResponder } from '../../responders/main.ts';
import { startEmbeddedStore } from '../../responders/store/embedded.ts';
import { teamMeeting } from '../drills/stage.ts';
import { labFiles } from '../lab-files.ts';
import { labResponder, rememberingNotifier } from '../lab-responder.ts';
import { freeTcpPort } from '../peers/ports.ts';
import type { LabPlatform, Sight } from '../platform.ts';
import { labPool } from '../pool.ts';
import { openRecords } from '../records.ts';
import { prepareSignals } from '../signals.ts';
import { labFolder } from '../simulated-platform.ts';
import { defaultLabFactor } from '../time.ts';
import { realControl } from './control.ts';
import { stageCrashes } from './crashes.ts';
import { holdMeetings } from './meetings.ts';
import { realPeers, stopLog } from './peers.ts';
import { startRealWorld } from './world.ts';
import { watchWrites } from './writes.ts';

/** How a platform on real peers is started. */
export interface RealPlatformOptions {
  readonly sfuReplicas: number;
  /** Least SFU nodes that scale-in leaves. */
  readonly sfuFloor: number;
  /** People in a small meeting on each SFU before the responder looks for the first time. */
  readonly participantsEach?: number;
  readonly factor?: number;
  readonly consoleAddress?: string;
  readonly logFolder?: string;
  readonly log?: Log;
}

/** Processors that a lab node counts as its own, so that one busy livekit-server is a saturated node by the production threshold while the machine stays usable. */
const nodeCores = 0.15;

/** The services beside the SFUs, as in the simulated platform. */
const services = ['auth-service', 'meeting-service', 'signaling-service', 'chat-service'];

/** Starts the whole loop on a real control plane, real LiveKit, Redis, Prometheus and Alertmanager; only DigitalOcean is played. Leaves nothing behind when it fails half way, nor after close(). */
export async function startRealPlatform(options: RealPlatformOptions): Promise<LabPlatform> {
  return startOnStack((stack) => start(options, stack));
}

async function start(options: RealPlatformOptions, stack: AsyncDisposableStack): Promise<LabPlatform> {
  const factor = options.factor ?? defaultLabFactor;
  const log = options.log ?? silentLog;
  const logFolder = options.logFolder ?? labFolder;
  const onError = (error: unknown) => log.warn({ error: errorText(error) }, 'the lab itself stumbled');
  const folder = await labFiles(stack);
  await mkdir(logFolder, { recursive: true });
  const store = await startEmbeddedStore(join(folder, 'store', 'data'));
  stack.defer(() => store.stop());
  const databaseUrl = await store.createDatabase('lab');

  const stops = stopLog();
  let poolChanged: (nodes: number) => void = () => undefined;
  const world = await startRealWorld(
    {
      factor,
      nodeCores,
      sfuReplicas: options.sfuReplicas,
      services,
      onError,
      onDrain: (process) => stops.told(process),
      onPoolChange: (pool) => poolChanged(pool.auto_scale ? pool.min_nodes : pool.count),
    },
    stack,
  );
  const writes = await watchWrites(world.api, world.namespace, onError);
  stack.defer(() => writes.close());
  poolChanged = (nodes) => writes.record({ verb: 'setPoolFloor', target: labPool.name, value: nodes, runId: '' });
  const meetings = holdMeetings(world, onError);
  stack.defer(() => meetings.close());
  stops.follow(meetings);
  const { participantsEach } = options;
  if (participantsEach !== undefined)
    for (const [index, { pod }] of world.sfus.running().entries())
      await meetings.start({ name: teamMeeting(index), participants: participantsEach, on: pod });
  const crashes = stageCrashes(world, onError);
  stack.defer(async () => crashes.close());

  const blind = new Set<Sight>();
  const seen = <Port extends object>(sight: Sight, port: Port) => whileSeen(port, () => !blind.has(sight), sight);
  const signals = await prepareSignals({ world: world.signal, folder, logFolder, log }, stack);
  const listenAddress = `127.0.0.1:${await freeTcpPort()}`;
  await signals.start({ webhookUrl: `http://${listenAddress}/alertmanager` });
  const cluster = createKubernetesCluster({ kubeconfig: world.responderKubeconfig, namespace: world.namespace });
  const source = world.openSource();
  stack.defer(() => source.close());
  const metrics = new PrometheusMetrics({ url: signals.prometheusUrl });
  const fleet = createLiveKitFleet({ source, metrics, pods: async () => (await cluster.read()).pods });
  const cloud = await createDigitalOcean({ token: world.cloudToken, url: world.cloud.url });
  const responder = await startResponder(
    labResponder({
      factor,
      databaseUrl,
      ...signals,
      listenAddress,
      cluster: seen('cluster', cluster),
      fleet: seen('fleet', fleet),
      cloud: seen('cloud', cloud),
      notifiers: [rememberingNotifier()],
      beside: {
        objects: createKubernetesObjects({ kubeconfig: world.responderKubeconfig, namespace: world.namespace }),
        databases: createDatabases({ token: world.cloudToken, url: world.cloud.url }),
        edge: createEdge({ token: world.cloudToken, url: world.cloud.url }),
      },
      sfuFloor: options.sfuFloor,
      log,
      ...(options.consoleAddress === undefined ? {} : { consoleAddress: options.consoleAddress }),
    }),
  );
  stack.defer(() => responder.close());
  await signals.quiet();
  const records = openRecords(databaseUrl);
  stack.defer(() => records.close());
  return {
    kind: 'real',
    factor,
    consoleUrl: responder.consoleUrl,
    prometheusUrl: signals.prometheusUrl,
    alertmanagerUrl: signals.alertmanagerUrl,
    control: realControl({ world, meetings, crashes, blind }),
    peers: realPeers({ world, meetings, writes, stops }, stack),
    records,
    objects: createKubernetesObjects({ kubeconfig: world.plane.kubeconfig, namespace: world.namespace }),
    ask: records.ask,
    approve: records.approve,
    close: () => stack.disposeAsync(),
  };
}

/** The port itself while `seeing`; else every call fails as if the peer could not be reached. */
function whileSeen<Port extends object>(port: Port, seeing: () => boolean, peer: string): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (seeing() || name === 'close') return Reflect.apply(member, target, args);
        return Promise.reject(new PortError(peer, 'unreachable', 'cannot be reached'));
      };
    },
  });
}
