import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { RoomServiceClient } from 'livekit-server-sdk';
import { connectApi, createAll, type LabApi } from '../../../lab/cluster/api.ts';
import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import { c32, nodeObject } from '../../../lab/cluster/nodes.ts';
import { namespaceObject, sfuDeployment } from '../../../lab/cluster/objects.ts';
import { closeParticipants, type Guest, join } from '../../../lab/cluster/participants.ts';
import { bindSfuProcesses, type SfuProcess, type SfuProcesses } from '../../../lab/cluster/sfu.ts';
import { type RedisPeer, startRedis } from '../../../lab/peers/redis.ts';
import { controlPlaneTools, skipWithout } from '../../support/skip-without.ts';
import { eventually } from './eventually.ts';

const namespace = 'gomeet';
const key = { name: 'lab-key', secret: 'a-secret-of-the-lab-that-is-long-enough' };

const tools = [...controlPlaneTools, 'redis-server', 'livekit-server'] as const;

describe('SFU pods with real processes', { skip: skipWithout(...tools) }, () => {
  let plane: ControlPlane;
  let redis: RedisPeer;
  let api: LabApi;
  let sfus: SfuProcesses;
  const errors: unknown[] = [];
  const guests: Guest[] = [];

  const pods = async () => (await api.core.listNamespacedPod({ namespace, labelSelector: 'app=livekit-sfu' })).items;
  const scale = (replicas: number) =>
    api.apps.patchNamespacedDeployment(
      { name: 'livekit-sfu', namespace, body: { spec: { replicas } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
  const serving = (count: number) =>
    eventually(`${count} pods ready and ${count} processes`, async () => {
      const ready = (await pods()).filter(({ status }) =>
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      );
      return ready.length === count && sfus.running().length === count ? sfus.running() : undefined;
    });

  before(async () => {
    [plane, redis] = await Promise.all([
      startControlPlane({ controllers: true, scheduler: true, kwok: true, namespace }),
      startRedis(),
    ]);
    api = connectApi(plane.kubeconfig);
    const nodes = ['sfu-1', 'sfu-2'].map((name) => nodeObject(name, { name: 'sfu', size: c32 }));
    await createAll(api, [namespaceObject(namespace), ...nodes]);
    sfus = await bindSfuProcesses(api, {
      namespace,
      livekit: { redisPort: redis.port, keys: { [key.name]: key.secret } },
      onError: (error) => errors.push(error),
    });
    await createAll(api, [sfuDeployment(namespace, { replicas: 2, pool: 'sfu', unreachableSeconds: 1 })]);
  });
  after(async () => {
    await Promise.all(guests.map((guest) => guest.leave()));
    await closeParticipants();
    await sfus.stop();
    await redis.stop();
    await plane.stop();
    assert.deepEqual(errors, []);
  });

  it('starts one livekit-server for each pod that is placed, and calls the pod ready when it answers', async () => {
    const running = await serving(2);
    assert.equal(new Set(running.map(({ node }) => node)).size, 2);
    assert.equal(new Set(running.map(({ peer }) => peer.nodeId)).size, 2);
  });

  it('drains the process of a deleted pod: nobody is cut off, and the pod goes after the last has left', async () => {
    const [first, second] = sfus.running();
    assert.ok(first && second);
    const rooms = new RoomServiceClient(first.peer.url, key.name, key.secret);
    await rooms.createRoom({ name: 'standup', nodeId: first.peer.nodeId });
    const guest = await join({ wsUrl: second.peer.wsUrl, key, room: 'standup', identity: 'guest-1', publish: true });
    guests.push(guest);
    // ReplicaSets take the pod with the lowest deletion cost.
    await annotateCost(first, second);
    await scale(1);
    const draining = await eventually('the first drains', async () => sfus.running().find(({ draining: is }) => is));
    assert.equal(draining.pod, first.pod);
    await delay(6_500); // LiveKit looks every 5 s whether it is empty.
    assert.equal(guest.connected(), true);
    assert.deepEqual([guest.disconnects(), guest.resumes()], [0, 0]);
    assert.equal((await pods()).length, 2);
    await guest.leave();
    await eventually('one pod left', async () => ((await pods()).length === 1 ? true : undefined));
    assert.deepEqual(
      sfus.running().map(({ pod }) => pod),
      [second.pod],
    );
  });

  async function annotateCost(victim: SfuProcess, other: SfuProcess): Promise<void> {
    for (const [pod, cost] of [
      [victim.pod, '-1000'],
      [other.pod, '1'],
    ] as const) {
      const body = { metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } } };
      await api.core.patchNamespacedPod(
        { name: pod, namespace, body },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      );
    }
  }

  it('starts a process again that ends by itself, and counts the restart', async () => {
    const [only] = await serving(1);
    assert.ok(only);
    only.peer.signal('SIGKILL');
    const restarted = await eventually('a restart', async () => {
      const status = (await pods())[0]?.status?.containerStatuses?.[0];
      return status?.restartCount === 1 && status.ready ? status : undefined;
    });
    assert.equal(restarted.restartCount, 1);
    const [again] = await serving(1);
    assert.equal(again?.pod, only.pod);
    assert.notEqual(again?.peer.nodeId, only.peer.nodeId);
  });
});
