import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { NodeReading, Room } from '../../../../exporters/livekit/domain.ts';
import { PortError } from '../../../../kernel/errors.ts';
import { type FakeLiveKit, fakeLiveKit } from '../../../../lab/fakes/livekit-source.ts';
import { LiveKitFleet } from '../../../../responders/adapters/livekit/rooms.ts';
import type { Sample } from '../../../../responders/ports.ts';
import { known, rejectsWith } from '../kubernetes/contract.ts';
import { fleetContract } from './contract.ts';

function node(nodeId: string, change: Partial<NodeReading> = {}): NodeReading {
  return {
    nodeId,
    state: 'serving',
    cpus: 32,
    cpuLoadRatio: 0.1,
    bytesInPerSecond: 0,
    bytesOutPerSecond: 0,
    ownRooms: 0,
    startedAtMs: 0,
    ageSeconds: 1,
    ...change,
  };
}

function room(name: string, participants: number): Room {
  return { sid: `RM_${name}`, name, participants, publishers: 0, createdAtMs: 0, endpoint: 'e' };
}

interface World {
  readonly livekit: FakeLiveKit;
  readonly fleet: LiveKitFleet;
  samples: Sample[];
  pods: { name: string; deletedAtMs: number | undefined }[];
  prometheusAway: boolean;
  nowMs: number;
}

function makeWorld(): World {
  const livekit = fakeLiveKit();
  livekit.nodes = [node('ND_a', { ownRooms: 1 }), node('ND_b')];
  livekit.rooms = [room('standup', 3)];
  livekit.map.set('standup', 'ND_a');
  const world: World = {
    livekit,
    samples: ['a', 'b'].map((name) => ({ labels: { node_id: `ND_${name}`, pod: `sfu-${name}` }, value: 1 })),
    pods: ['a', 'b'].map((name) => ({ name: `sfu-${name}`, deletedAtMs: undefined })),
    prometheusAway: false,
    nowMs: 1_000_000,
    fleet: new LiveKitFleet({
      source: livekit,
      metrics: {
        async query() {
          if (world.prometheusAway) throw new PortError('prometheus', 'unreachable', 'cannot be reached');
          return world.samples;
        },
        queryRange: async () => [],
      },
      pods: async () => world.pods,
      clock: { now: () => world.nowMs, async sleep() {} },
    }),
  };
  return world;
}

fleetContract('LiveKit adapter over a fake source', async () => {
  const world = makeWorld();
  return {
    fleet: world.fleet,
    busyNode: 'ND_a',
    emptyNode: 'ND_b',
    participants: 3,
    async pass() {
      world.nowMs += 15_000;
    },
    async loseRedis() {
      world.livekit.away.add('redis');
    },
    async close() {},
  };
});

describe('LiveKit fleet', () => {
  let world: World;
  const read = async (nodeId: string) => {
    world.nowMs += 15_000;
    return known((await world.fleet.read()).nodes.find((one) => one.nodeId === nodeId));
  };
  beforeEach(() => {
    world = makeWorld();
  });

  it('counts one reading when it is asked twice within two seconds', async () => {
    const first = await read('ND_b');
    world.nowMs += 500;

    const again = known((await world.fleet.read()).nodes.find(({ nodeId }) => nodeId === 'ND_b'));

    assert.deepEqual([first.emptyReadings, again.emptyReadings], [1, 1]);
  });

  it('starts again from none when a room appears for one reading', async () => {
    await read('ND_b');
    await read('ND_b');
    world.livekit.rooms.push(room('new', 0));
    world.livekit.map.set('new', 'ND_b');
    assert.equal((await read('ND_b')).emptyReadings, 0);
    world.livekit.rooms.pop();
    world.livekit.map.delete('new');

    assert.equal((await read('ND_b')).emptyReadings, 1);
  });

  it('does not call a node empty that says itself it holds a room', async () => {
    world.livekit.nodes = [node('ND_a'), node('ND_b', { ownRooms: 1 })];

    assert.equal((await read('ND_b')).emptyReadings, 0);
  });

  it('does not call a node empty while the map still places a room on it', async () => {
    world.livekit.map.set('ghost', 'ND_b');

    assert.equal((await read('ND_b')).emptyReadings, 0);
  });

  it('calls no node empty while a room is on none', async () => {
    world.livekit.rooms.push(room('unplaced', 2));

    assert.equal((await read('ND_b')).emptyReadings, 0);
  });

  it('calls no node empty without RoomService, and counts every room that Redis knows of', async () => {
    await read('ND_b');
    world.livekit.away.add('roomService');

    assert.equal((await read('ND_b')).emptyReadings, 0);
    assert.equal((await read('ND_a')).rooms, 1);
    assert.deepEqual((await world.fleet.read()).sources, ['redis', 'prometheus']);
  });

  it('takes a pod that is being deleted for draining before Redis says so, without room for another meeting', async () => {
    assert.ok((await read('ND_b')).freeSlots > 0);
    world.pods = world.pods.map((pod) => ({ ...pod, deletedAtMs: pod.name === 'sfu-b' ? world.nowMs : undefined }));

    const leaving = await read('ND_b');

    assert.deepEqual([leaving.state, leaving.freeSlots], ['draining', 0]);
    assert.equal((await read('ND_a')).state, 'serving');
  });

  it('believes Redis that a node drains although its pod looks well', async () => {
    world.livekit.nodes = [node('ND_a'), node('ND_b', { state: 'draining' })];

    assert.equal((await read('ND_b')).state, 'draining');
  });

  it('does not take a lost node for draining, empty, or the place of a meeting', async () => {
    world.livekit.nodes = [node('ND_a', { state: 'lost', ownRooms: 1, ageSeconds: 30 }), node('ND_b')];
    world.pods = world.pods.map((pod) => ({ ...pod, deletedAtMs: 1 }));

    const lost = await read('ND_a');

    assert.deepEqual([lost.state, lost.rooms, lost.emptyReadings], ['lost', 0, 0]);
    assert.deepEqual((await world.fleet.read()).rooms, []);
  });

  it('forgets a node that was lost an hour ago', async () => {
    world.livekit.nodes = [node('ND_a', { state: 'lost', ageSeconds: 4_000 }), node('ND_b')];

    assert.deepEqual(
      (await world.fleet.read()).nodes.map(({ nodeId }) => nodeId),
      ['ND_b'],
    );
  });

  it('goes on knowing the pods it has seen when Prometheus is away, and guesses no others', async () => {
    await read('ND_a');
    world.prometheusAway = true;
    world.livekit.nodes = [...world.livekit.nodes, node('ND_c')];

    assert.equal((await read('ND_a')).pod, 'sfu-a');
    assert.equal((await read('ND_c')).pod, undefined);
    assert.deepEqual((await world.fleet.read()).sources, ['redis', 'roomService']);
  });

  it('says unsupported where no Redis is configured', async () => {
    world.livekit.readNodes = async () => {
      throw new PortError('redis', 'unsupported', 'no REDIS_URL is set');
    };

    await rejectsWith(world.fleet.read(), 'unsupported');
  });
});
