import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FleetSource } from '../../../../responders/ports.ts';
import { known, rejectsWith } from '../kubernetes/contract.ts';

/** A fleet of two serving nodes at least, one of them with a meeting, one without any. */
export interface FleetUnderTest {
  readonly fleet: FleetSource;
  readonly busyNode: string;
  readonly emptyNode: string;
  /** People in the one meeting on the busy node. */
  readonly participants: number;
  /** Lets enough time pass for a reading to count as another one. */
  pass(): Promise<void>;
  /** Takes Redis away; nothing is read afterwards. */
  loseRedis(): Promise<void>;
  close(): Promise<void>;
}

/** What every implementation of the FleetSource port does alike. */
export function fleetContract(name: string, make: () => Promise<FleetUnderTest>): void {
  describe(`FleetSource contract: ${name}`, () => {
    let subject: FleetUnderTest;
    before(async () => {
      subject = await make();
    });
    after(async () => {
      await subject.close();
    });
    const node = async (nodeId: string) =>
      known((await subject.fleet.read()).nodes.find((one) => one.nodeId === nodeId));

    it('knows the nodes, their pods, and where the meeting is', async () => {
      const { nodes, rooms, sources } = await subject.fleet.read();

      assert.ok(nodes.length >= 2);
      for (const one of nodes)
        assert.ok(one.state === 'serving' && one.pod !== undefined && one.cpuLoadRatio >= 0 && one.cpuLoadRatio <= 1);
      assert.deepEqual(
        rooms.map(({ nodeId, participants }) => [nodeId, participants]),
        [[subject.busyNode, subject.participants]],
      );
      assert.ok(sources.includes('redis') && sources.includes('roomService'));
    });

    it('counts rooms and participants on the node that holds them, and on no other', async () => {
      const busy = await node(subject.busyNode);
      const empty = await node(subject.emptyNode);

      assert.deepEqual([busy.rooms, busy.participants], [1, subject.participants]);
      assert.deepEqual([empty.rooms, empty.participants], [0, 0]);
    });

    it('counts readings of a node without a room, and none of a node with one', async () => {
      const before = (await node(subject.emptyNode)).emptyReadings;
      await subject.pass();
      const after = (await node(subject.emptyNode)).emptyReadings;

      assert.equal(after, before + 1);
      assert.equal((await node(subject.busyNode)).emptyReadings, 0);
    });

    it('fails without Redis, and never answers with an empty fleet', async () => {
      await subject.loseRedis();

      await rejectsWith(subject.fleet.read(), 'unreachable');
    });
  });
}
