import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Cloud, NodePool } from '../../../../responders/ports.ts';
import { known, rejectsWith } from '../kubernetes/contract.ts';

/** A Cloud and the pools that the contract may change in it. */
export interface CloudUnderTest {
  readonly cloud: Cloud;
  /** Name of a pool that autoscales, with room for two nodes more below its maximum; undefined where there is none. */
  readonly autoscaled: string | undefined;
  /** Name of a pool of a fixed size; undefined where there is none. */
  readonly fixed: string | undefined;
  /** Names of a volume that nobody holds and of one that a Droplet holds. */
  readonly volumes: { readonly idle: string; readonly held: string };
  close(): Promise<void>;
}

/** What every implementation of the Cloud port does alike. */
export function cloudContract(name: string, make: () => Promise<CloudUnderTest>): void {
  describe(`Cloud contract: ${name}`, () => {
    let subject: CloudUnderTest;
    const pool = async (poolName: string): Promise<NodePool> =>
      known((await subject.cloud.read()).pools.find((one) => one.name === poolName));

    before(async () => {
      subject = await make();
    });
    after(async () => {
      await subject.close();
    });

    it('knows the pools, the ceiling of the account, and what the month has cost', async () => {
      const state = await subject.cloud.read();

      assert.ok(state.pools.length > 0);
      assert.ok(state.dropletLimit >= state.droplets);
      assert.ok(Number.isInteger(state.monthToDate) && state.monthToDate >= 0);
      for (const one of state.pools) assert.notEqual(one.clusterId, '');
    });

    it('moves the minimum of a pool that autoscales, and leaves the rest of it alone', async (t) => {
      if (subject.autoscaled === undefined) return t.skip('no pool autoscales');
      const seen = await pool(subject.autoscaled);

      await subject.cloud.setPoolFloor({ pool: seen, nodes: seen.minNodes + 1, runId: 'contract-1' });

      const { count: _count, ...now } = await pool(subject.autoscaled);
      const { count: _before, ...wanted } = { ...seen, minNodes: seen.minNodes + 1 };
      assert.deepEqual(now, wanted);
    });

    it('has no second effect when the same value is set again', async (t) => {
      if (subject.autoscaled === undefined) return t.skip('no pool autoscales');
      const seen = await pool(subject.autoscaled);
      const change = { pool: seen, nodes: seen.minNodes + 1, runId: 'contract-2' };
      await subject.cloud.setPoolFloor(change);
      const once = await pool(subject.autoscaled);

      await subject.cloud.setPoolFloor(change);

      assert.deepEqual(await pool(subject.autoscaled), once);
    });

    it('refuses a minimum above the maximum, and changes nothing', async (t) => {
      if (subject.autoscaled === undefined) return t.skip('no pool autoscales');
      const seen = await pool(subject.autoscaled);

      await rejectsWith(
        subject.cloud.setPoolFloor({ pool: seen, nodes: seen.maxNodes + 1, runId: 'contract-3' }),
        'invalid',
      );

      assert.deepEqual(await pool(subject.autoscaled), seen);
    });

    it('sets the count of a pool that does not autoscale', async (t) => {
      if (subject.fixed === undefined) return t.skip('every pool autoscales');
      const seen = await pool(subject.fixed);

      await subject.cloud.setPoolFloor({ pool: seen, nodes: seen.count + 1, runId: 'contract-4' });

      assert.deepEqual(await pool(subject.fixed), { ...seen, count: seen.count + 1 });
    });

    it('tells a volume that nobody holds from one that a Droplet holds, also in its state', async () => {
      const volumes = await subject.cloud.volumes();
      const { idle, held } = subject.volumes;

      assert.deepEqual(known(volumes.find(({ name }) => name === idle)).droplets, []);
      assert.notDeepEqual(known(volumes.find(({ name }) => name === held)).droplets, []);
      assert.deepEqual((await subject.cloud.read()).volumes, volumes);
    });

    it('never deletes a volume that a Droplet holds', async () => {
      const held = known((await subject.cloud.volumes()).find(({ name }) => name === subject.volumes.held));

      await rejectsWith(subject.cloud.deleteVolume({ id: held.id }), 'conflict');

      assert.ok((await subject.cloud.volumes()).some(({ id }) => id === held.id));
    });

    it('makes a snapshot that is there by its name, finished after a while, and deletes the volume once', async () => {
      const { id } = known((await subject.cloud.volumes()).find(({ name }) => name === subject.volumes.idle));
      assert.deepEqual(await subject.cloud.volumeSnapshots(id), []);

      await subject.cloud.snapshotVolume({ id, name: 'contract' });

      const looks = [await subject.cloud.volumeSnapshots(id), await subject.cloud.volumeSnapshots(id)];
      assert.deepEqual(known(looks[1]), [{ name: 'contract', finished: true }]);
      await subject.cloud.deleteVolume({ id });
      assert.ok(!(await subject.cloud.volumes()).some((one) => one.id === id));
      await subject.cloud.deleteVolume({ id });
    });

    it('says not-found for a snapshot of a volume that is gone', async () => {
      await rejectsWith(
        subject.cloud.snapshotVolume({ id: '00000000-0000-4000-8000-00000000000f', name: 'none' }),
        'not-found',
      );
    });

    it('lets a pool autoscale between two numbers, and again without a second effect', async (t) => {
      if (subject.fixed === undefined) return t.skip('every pool autoscales');
      const seen = await pool(subject.fixed);
      const change = { pool: seen, minNodes: seen.count, maxNodes: seen.count + 2, runId: 'contract-6' };

      await subject.cloud.autoscalePool(change);
      await subject.cloud.autoscalePool(change);

      const { autoScale, minNodes, maxNodes, count } = await pool(subject.fixed);
      assert.deepEqual([autoScale, minNodes, maxNodes, count], [true, seen.count, seen.count + 2, seen.count]);
    });

    it('says not-found for a pool that is gone', async () => {
      const [any] = (await subject.cloud.read()).pools;
      const gone = { ...known(any), id: '00000000-0000-4000-8000-000000000000' };

      await rejectsWith(
        subject.cloud.setPoolFloor({ pool: gone, nodes: gone.minNodes + 1, runId: 'contract-5' }),
        'not-found',
      );
    });
  });
}
