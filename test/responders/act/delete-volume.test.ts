import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usd } from '../../../kernel/money.ts';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { type MemoryVolumes, memoryVolumes } from '../../../lab/fakes/memory-volumes.ts';
import type { World } from '../../../responders/act/define.ts';
import { deleteVolume } from '../../../responders/act/delete-volume.ts';
import { approvalsForPerson } from '../../../responders/reconcile/request.ts';
import { actRig, poolOf } from '../../support/act-ports.ts';
import { planOf, playProcedure } from '../../support/play-procedure.ts';
import { nowMs } from '../../support/situation.ts';

const old = { id: 'v1', name: 'old', sizeGib: 500, droplets: [] };
const data = { id: 'v2', name: 'data', sizeGib: 100, droplets: ['3164444'] };
const worldOf = (volumes: readonly (typeof old | typeof data)[] | undefined): World => ({
  cloud: {
    value: {
      pools: [poolOf()],
      dropletLimit: 50,
      droplets: 10,
      monthToDate: usd(0),
      ...(volumes === undefined ? {} : { volumes }),
    },
    observedAtMs: nowMs,
  },
});
const world = worldOf([old, data]);
const standing = () => memoryVolumes([old, data]);
const persistent = (phase: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pvc-1', namespace: '' },
  spec: { csi: { volumeHandle: 'v1' }, claimRef: { namespace: 'gomeet', name: 'data-prometheus-0' } },
  status: { phase },
});
const play = (
  volumes: MemoryVolumes,
  more: { killAt?: number; late?: (saw: string) => boolean; objects?: ReturnType<typeof memoryObjects> } = {},
) => {
  const { objects, ...options } = more;
  const rig = actRig({ volumes, ...(objects === undefined ? {} : { objects }) });
  return playProcedure(deleteVolume, { volume: 'old' }, rig.ports, { world, ...options });
};
const snapshotThenDelete = ['snapshot v1 as before-delete-old-earlier', 'delete v1'];

describe('what it would do', () => {
  it('says what goes, what it saves and what its snapshot costs; two people agree', () => {
    const plan = planOf(deleteVolume, { volume: 'old' }, world);
    assert.ok('says' in plan);
    assert.equal(plan.target, 'volume/v1');
    assert.equal(
      plan.says,
      'delete volume old (500 GiB), $50.00 a month, after a snapshot of it, at most $30.00 a month',
    );
    assert.equal(plan.costPerHour, 0);
    assert.equal(approvalsForPerson('deleteVolume'), 1);
    assert.equal(deleteVolume.destructive, true);
  });

  it('finds it by id, and refuses one that is not there, is held, or shares its name', () => {
    const word = (volume: string, where = world) => {
      const plan = planOf(deleteVolume, { volume }, where);
      return 'blocked' in plan ? `${plan.blocked}: ${plan.saw}` : plan.target;
    };
    assert.equal(word('v1'), 'volume/v1');
    assert.match(word('nothing'), /no-target: there is no volume nothing/);
    assert.match(word('data'), /no-target: Droplet 3164444 holds volume data: a pod mounts it/);
    assert.match(word('old', worldOf([old, { ...old, id: 'v9' }])), /2 volumes are called old: v1, v9/);
  });

  it('holds while nobody may read the volumes', () => {
    const plan = planOf(deleteVolume, { volume: 'old' }, worldOf(undefined));
    assert.match(JSON.stringify(plan), /stale-data.*block_storage:read/);
  });
});

describe('what it does', () => {
  it('deletes once and never before its snapshot is finished, whenever it is killed', async () => {
    for (const killAt of [undefined, 0, 1, 2, 3, 4, 5]) {
      const volumes = standing();
      const { verdict } = await play(volumes, killAt === undefined ? {} : { killAt });
      assert.equal(verdict, 'verified', `killed after ${killAt}`);
      assert.deepEqual(volumes.writes, snapshotThenDelete, `killed after ${killAt}`);
      assert.deepEqual(await volumes.volumes(), [data]);
    }
  });

  it('does neither twice when the answer is lost', async () => {
    const volumes = standing();
    volumes.loseAnswer();
    assert.equal((await play(volumes)).verdict, 'verified');
    assert.deepEqual(volumes.writes, snapshotThenDelete);
  });

  it('deletes nothing when the snapshot does not come to an end in its time', async () => {
    const volumes = standing();
    const never: MemoryVolumes = {
      ...volumes,
      volumeSnapshots: async (id) => (await volumes.volumeSnapshots(id)).map((one) => ({ ...one, finished: false })),
    };
    const played = await play(never, { late: (saw) => /is being made/.test(saw) });
    assert.equal(played.verdict, 'not-improved');
    assert.deepEqual(volumes.writes, ['snapshot v1 as before-delete-old-earlier']);
  });

  it('deletes nothing when somebody deletes the snapshot meanwhile', async () => {
    const volumes = standing();
    let looks = 0;
    const lossy: MemoryVolumes = {
      ...volumes,
      async volumeSnapshots(id) {
        looks += 1;
        const made = await volumes.volumeSnapshots(id);
        return looks > 3 ? [] : made;
      },
    };
    const played = await play(lossy);
    assert.match(played.saw, /its snapshot is not there any more, so it stays/);
    assert.ok(!volumes.writes.includes('delete v1'));
  });

  it('deletes nothing that a pod mounts or a claim wants, also one that came after the snapshot', async () => {
    const mounted = standing();
    mounted.hold('v1', ['77']);
    assert.match((await play(mounted)).saw, /Droplet 77 holds volume old/);
    assert.deepEqual(mounted.writes, []);

    const claimed = standing();
    assert.match(
      (await play(claimed, { objects: memoryObjects([persistent('Bound')]) })).saw,
      /claim gomeet\/data-prometheus-0 still wants it/,
    );
    assert.deepEqual(claimed.writes, []);

    const late = standing();
    const racing: MemoryVolumes = {
      ...late,
      async snapshotVolume(change) {
        await late.snapshotVolume(change);
        late.hold('v1', ['77']);
      },
    };
    assert.match((await play(racing)).saw, /Droplet 77 holds volume old/);
    assert.deepEqual(late.writes, ['snapshot v1 as before-delete-old-earlier']);
  });

  it('deletes nothing while the cluster does not say who claims it', async () => {
    const volumes = standing();
    const { ports } = actRig({ volumes });
    const blind = { ...ports.objects, list: () => Promise.reject(new Error('no access')) };
    await assert.rejects(
      playProcedure(deleteVolume, { volume: 'old' }, { ...ports, objects: blind }, { world }),
      /no access/,
    );
    assert.deepEqual(volumes.writes, []);
  });

  it('names the object of the cluster that is left over', async () => {
    const { run } = await play(standing(), { objects: memoryObjects([persistent('Released')]) });
    assert.match(JSON.stringify(run.change), /kubectl delete pv pvc-1/);
  });
});
