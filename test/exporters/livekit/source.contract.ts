import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveKitSource } from '../../../exporters/livekit/domain.ts';
import { PortError } from '../../../kernel/errors.ts';

/** A platform with two serving nodes; meeting `standup` with two people on `nodeId`, nothing on the other. */
export interface ContractWorld {
  readonly source: LiveKitSource;
  readonly nodeId: string;
  /** Takes everything behind the source away. */
  goAway(): Promise<void>;
}

/** What every LiveKitSource must do, fake or live. Ends with everything away. */
export function testLiveKitSource(name: string, world: () => ContractWorld): void {
  test(`${name}: a room is listed once, with its id and name`, async () => {
    const rooms = await world().source.listRooms();
    assert.deepEqual(
      rooms.map((room) => room.name),
      ['standup'],
    );
    assert.match(rooms[0]?.sid ?? '', /^RM_/);
  });

  test(`${name}: its participants are listed with state and kind`, async () => {
    const { source } = world();
    const [room] = await source.listRooms();
    assert.ok(room);
    const participants = await source.listParticipants(room);
    assert.deepEqual(
      participants.map(({ state, kind, hidden }) => ({ state, kind, hidden })),
      [1, 2].map(() => ({ state: 'active', kind: 'standard', hidden: false })),
    );
  });

  test(`${name}: a room that is not there has no participants`, async () => {
    const { source } = world();
    assert.deepEqual(await source.listParticipants({ name: 'no such room', endpoint: 'nowhere' }), []);
  });

  test(`${name}: both nodes serve, and the map places the room on one`, async () => {
    const { source, nodeId } = world();
    const nodes = await source.readNodes();
    assert.deepEqual(
      nodes.map(({ state }) => state),
      ['serving', 'serving'],
    );
    for (const node of nodes)
      assert.ok(node.cpus > 0 && node.cpuLoadRatio >= 0 && node.cpuLoadRatio <= 1 && node.ageSeconds < 5);
    assert.deepEqual([...(await source.readRoomNodeMap())], [['standup', nodeId]]);
  });

  test(`${name}: nothing it gives out names a person or holds a password`, async () => {
    const { source } = world();
    const [room] = await source.listRooms();
    assert.ok(room);
    const all = [room, ...(await source.listParticipants(room)), ...(await source.readNodes())];
    for (const thing of all)
      assert.doesNotMatch(Object.keys(thing).join(' '), /password|identity|metadata|token|secret/i);
  });

  test(`${name}: what is away is a PortError that may be tried again, soon`, async () => {
    const { source, goAway } = world();
    await goAway();
    for (const read of [
      () => source.listRooms(),
      () => source.listParticipants({ name: 'standup', endpoint: '' }),
      () => source.readNodes(),
      () => source.readRoomNodeMap(),
    ]) {
      const startedMs = performance.now();
      await assert.rejects(read, (error) => error instanceof PortError && error.retryable);
      assert.ok(performance.now() - startedMs < 3_000);
    }
  });
}
