import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { RoomServiceClient } from 'livekit-server-sdk';
import type { LiveKitSource } from '../../../exporters/livekit/source.ts';
import { duration } from '../../../kernel/duration.ts';
import { closeParticipants, type Guest, join } from '../../../lab/cluster/participants.ts';
import { type RealWorld, startRealWorld } from '../../../lab/cluster/world.ts';
import { layLossyLine } from '../../../lab/peers/lossy-line.ts';
import { freeUdpPort } from '../../../lab/peers/ports.ts';
import { startPrometheus } from '../../../lab/peers/prometheus.ts';
import { createSimulator } from '../../../lab/simulator/simulator.ts';
import { createKubernetesObjects } from '../../../responders/adapters/kubernetes/any.ts';
import { createKubernetesCluster } from '../../../responders/adapters/kubernetes/cluster.ts';
import { createLiveKitFleet } from '../../../responders/adapters/livekit/rooms.ts';
import { PrometheusMetrics } from '../../../responders/adapters/prometheus.ts';
import { eventually } from '../../lab/cluster/eventually.ts';
import { testDatabase } from '../../support/database.ts';
import { type Rig, rigDeclared, startRig } from '../../support/rig.ts';
import { controlPlaneTools, skipWithout } from '../../support/skip-without.ts';
import { type Asked, ask } from '../../support/wish.ts';

const workload = 'livekit-sfu';
const digest = `sha256:${'d'.repeat(64)}`;
const tools = [...controlPlaneTools, 'redis-server', 'livekit-server', 'prometheus'] as const;

describe('SFU rollouts on a real control plane, with real meetings on real LiveKit', {
  skip: skipWithout(...tools),
}, () => {
  const stack = new AsyncDisposableStack();
  const errors: unknown[] = [];
  const everybody: Guest[] = [];
  let world: RealWorld;
  let rig: Rig;
  let rooms: RoomServiceClient;
  let source: LiveKitSource;
  let standing: Guest[] = [];

  before(async () => {
    const folder = await mkdtemp(path(tmpdir(), 'gomeet-sfu-rollout-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    world = await startRealWorld(
      {
        factor: 30,
        sfuReplicas: 2,
        nodeBootMs: 500,
        onError: (error) => errors.push(error),
        // Of what people send to the image that is worse a quarter never arrives, and nothing to the one that is deaf.
        async livekitOf(pod, usual) {
          const tag = /:(worse|deaf)/.exec(pod.spec?.containers[0]?.image ?? '')?.[1];
          if (tag === undefined) return usual;
          const udpPort = await freeUdpPort();
          const front = '127.0.0.9';
          const line = await layLossyLine({
            from: { address: front, port: udpPort },
            to: { address: '127.0.0.1', port: udpPort },
            loseOneIn: tag === 'deaf' ? 1 : 4,
            loses: 'what clients send',
            delayMs: 0,
          });
          stack.defer(() => line.close());
          const rtc = {
            node_ip: front,
            // The server must not look for the people by itself, or it would find a way around the line.
            use_ice_lite: true,
            use_external_ip: false,
            enable_loopback_candidate: true,
            interfaces: { includes: ['lo'] },
            udp_port: udpPort,
            tcp_port: 0,
          };
          return { ...usual, udpPort, config: { ...usual.config, rtc } };
        },
      },
      stack,
    );
    const served = await world.signal.serve();
    stack.defer(() => served.close());
    const prometheus = await startPrometheus({
      folder,
      config: {
        global: { scrape_interval: '1s' },
        scrape_configs: [{ job_name: workload, http_sd_configs: [{ url: served.targetsUrl, refresh_interval: '1s' }] }],
      },
      rules: { groups: [] },
    });
    stack.defer(() => prometheus.stop());
    source = world.openSource();
    stack.defer(() => source.close());
    rooms = new RoomServiceClient(world.livekitUrl, world.key.name, world.key.secret);
    const kubernetes = { kubeconfig: world.responderKubeconfig, namespace: world.namespace };
    const cluster = createKubernetesCluster(kubernetes);
    const metrics = new PrometheusMetrics({ url: prometheus.url });
    const simulator = createSimulator({ factor: 60 });
    rig = await startRig(await testDatabase(), {
      simulator,
      ports: {
        cluster,
        objects: createKubernetesObjects(kubernetes),
        registry: { digest: async () => digest },
        fleet: createLiveKitFleet({ source, metrics, pods: async () => (await cluster.read()).pods }),
        cloud: simulator.cloud,
        alertmanager: { activeAlerts: async () => [], silence: async () => 's' },
      },
      metrics,
      declared: rigDeclared,
      scaleLimits: (limits) => ({ ...limits, cooldown: duration('0s') }),
    });
    stack.defer(() => rig.close());
    for (const [index, { peer }] of world.sfus.running().entries())
      standing.push(...(await meet(`standing-${index}`, 1, peer.nodeId)));
  });

  after(async () => {
    await Promise.all(everybody.map((guest) => guest.leave()));
    await closeParticipants();
    await stack.disposeAsync();
    assert.deepEqual(errors, []);
  });

  /** People who try to come into a new meeting, on the node that LiveKit chooses unless one is named. */
  async function attempt(room: string, people: number, nodeId?: string): Promise<Promise<Guest>[]> {
    await rooms.createRoom({ name: room, emptyTimeout: 300, ...(nodeId === undefined ? {} : { nodeId }) });
    const { joinUrl: wsUrl, key } = world;
    const identities = Array.from({ length: people }, (_one, index) => `${room}-${index}`);
    return identities.map((identity) => join({ wsUrl, key, room, identity, publish: true }));
  }

  /** The same, and all are let in. */
  async function meet(...how: Parameters<typeof attempt>): Promise<Guest[]> {
    const guests = await Promise.all(await attempt(...how));
    everybody.push(...guests);
    return guests;
  }

  const places = async () => {
    const podOf = new Map(world.sfus.running().map(({ pod, peer }) => [peer.nodeId, pod]));
    return new Map([...(await source.readRoomNodeMap())].map(([room, node]) => [room, podOf.get(node) ?? node]));
  };
  const standingPlaces = async () => [...(await places())].filter(([room]) => room.startsWith('standing')).sort();
  const isCanary = (pod: string) => pod.startsWith(`${workload}-canary-`);
  const canary = () =>
    eventually('a canary that serves', async () => world.sfus.running().find(({ pod }) => isCanary(pod)));
  const undisturbed = () => {
    for (const guest of everybody) assert.deepEqual([guest.disconnects(), guest.cutOff()], [0, false], guest.identity);
  };
  const rollOut = (image: string, soak: string): Promise<Asked> =>
    ask(rig, 'rollOut', { workload, image, strategy: 'canary', canaryPercent: 10, soak, minRequests: 4 });
  const image = async () =>
    (await world.api.apps.readNamespacedDeployment({ name: workload, namespace: world.namespace })).spec?.template.spec
      ?.containers[0]?.image;

  it('a canary on which media are bad goes back by itself: it held new rooms only, and they end in peace', async () => {
    const [ranBefore, placedBefore] = [await image(), await standingPlaces()];
    const asked = await rollOut('worse', '10m');
    const { pod, peer } = await canary();
    await eventually('LiveKit to know it', async () =>
      (await source.readNodes()).some(({ nodeId, state }) => nodeId === peer.nodeId && state === 'serving')
        ? true
        : undefined,
    );
    const fresh = await meet('fresh', 4);
    assert.equal((await places()).get('fresh'), pod, 'the emptiest node takes a new room');
    const [stable] = world.sfus.running().filter((one) => !isCanary(one.pod));
    await meet('beside', 4, stable?.peer.nodeId);

    await eventually('the verdict, and the drain', async () =>
      world.sfus.running().some((one) => one.pod === pod && one.draining) ? true : undefined,
    );
    assert.match((await asked.failure()) ?? '', /worse media/);
    assert.deepEqual(await standingPlaces(), placedBefore);
    await meet('after', 1);
    assert.ok(!isCanary((await places()).get('after') ?? ''));
    assert.equal((await rooms.listParticipants('fresh')).length, 4);
    undisturbed();
    assert.equal(await asked.ended(), false, 'it waits for the meeting on the canary');

    await Promise.all(fresh.map((guest) => guest.leave()));
    const run = await asked.end();
    assert.equal(run.state, 'not-improved', run.reason);
    assert.equal(await image(), ranBefore);
    assert.equal(world.sfus.running().filter((one) => isCanary(one.pod)).length, 0);
    undisturbed();
  });

  it('one that nobody can join goes back by itself, whatever its media would have been', async () => {
    const [ranBefore, placedBefore] = [await image(), await standingPlaces()];
    const asked = await rollOut('deaf', '10m');
    const { peer } = await canary();
    const [stable] = world.sfus.running().filter((one) => !isCanary(one.pod));
    await meet('beside-deaf', 4, stable?.peer.nodeId);
    const outcomes = await Promise.allSettled(await attempt('deaf', 4, peer.nodeId));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      Array.from(outcomes, () => 'rejected'),
    );

    const run = await asked.end();

    assert.equal(run.state, 'not-improved');
    assert.match(run.reason ?? '', /more errors; new: .* joins, 100\.00 % errors/);
    assert.equal(await image(), ranBefore);
    assert.equal(world.sfus.running().filter((one) => isCanary(one.pod)).length, 0);
    assert.deepEqual(await standingPlaces(), placedBefore);
    undisturbed();
  });

  it('a good one is promoted: old nodes take no new room, keep theirs, and go when the last has left', async () => {
    const [old, placedBefore] = [world.sfus.running().map(({ pod }) => pod), await standingPlaces()];
    const asked = await rollOut('better', '60s');
    const { peer } = await canary();
    const [stable] = world.sfus.running().filter((one) => !isCanary(one.pod));
    const fresh = await meet('fresh-2', 4, peer.nodeId);
    await meet('beside-2', 4, stable?.peer.nodeId);

    const oldOnes = () => world.sfus.running().filter(({ pod }) => old.includes(pod));
    await eventually('all old nodes to drain', async () => {
      if (oldOnes().every(({ draining }) => draining)) return true;
      assert.equal(await asked.failure(), undefined);
      return undefined;
    });
    assert.equal(oldOnes().length, 2, 'none goes while it holds a meeting');
    for (const name of ['late-0', 'late-1', 'late-2']) await meet(name, 1);
    const placed = await places();
    for (const name of ['late-0', 'late-1', 'late-2']) assert.ok(!old.includes(placed.get(name) ?? ''), name);
    assert.deepEqual(await standingPlaces(), placedBefore);
    undisturbed();

    await Promise.all(fresh.map((guest) => guest.leave()));
    const late = everybody.filter(({ identity }) => identity.startsWith('late'));
    await Promise.all(late.map((guest) => guest.leave()));
    const run = await asked.end();
    assert.equal(run.state, 'verified', run.reason);
    assert.match((await image()) ?? '', /:better@sha256/);
    assert.equal(oldOnes().length, 2, 'the rollout is over, and they still wait for their meetings');
    for (const guest of standing) assert.equal(guest.connected(), true);
    undisturbed();

    await Promise.all(everybody.map((guest) => guest.leave()));
    standing = [];
    await eventually('the old ones to be gone', async () => (oldOnes().length === 0 ? true : undefined));
    assert.equal(world.sfus.running().length, 2);
    undisturbed();
  });
});
