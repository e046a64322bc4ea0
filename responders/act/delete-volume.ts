import { z } from 'zod';
import { duration, toMs } from '../../kernel/duration.ts';
import { formatUsd, type MicroUsd, timesUsd } from '../../kernel/money.ts';
import { hourlyShare } from '../../model/prices/resources.ts';
import { prices } from '../../model/prices.ts';
import { storagePrices } from '../declared.ts';
import type { BlockVolume, Cloud, Objects } from '../ports.ts';
import { touchesNothing } from './define.ts';
import { defineProcedure, type StepAnswer, type StepContext, type StepKind } from './procedure.ts';

const Volume = z.object({ id: z.string(), name: z.string() });
type Volume = z.infer<typeof Volume>;

const Persistent = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    csi: z.object({ volumeHandle: z.string() }).optional(),
    claimRef: z.object({ namespace: z.string(), name: z.string() }).optional(),
  }),
  status: z.object({ phase: z.string() }),
});

/** By run, so that a second try finds the first one's and another run never takes an old one for its own. */
const snapshotName = ({ name }: Volume, runId: string): string => `before-delete-${name.slice(0, 80)}-${runId}`;

const look: StepKind<Volume> = {
  input: Volume,
  run: async (volume, { ports }) =>
    (await inUse(volume, ports)) ?? { done: 'no Droplet holds it and no claim wants it' },
};

const snapshot: StepKind<Volume> = {
  input: Volume,
  async run(volume, { ports: { cloud }, run, memo }) {
    const name = snapshotName(volume, run.id);
    const made = (await cloud.volumeSnapshots(volume.id)).find((one) => one.name === name);
    if (made?.finished) return { done: name };
    // Asked for once: the name tells what stands, also when the answer was lost.
    if (made === undefined && memo !== 'asked') await cloud.snapshotVolume({ id: volume.id, name });
    return { wait: `snapshot ${name} is being made`, memo: 'asked' };
  },
};

const remove: StepKind<Volume> = {
  input: Volume,
  async run(volume, { ports, run, memo }) {
    const { cloud } = ports;
    const gone = (await standing(cloud, volume)) === undefined;
    if (gone) return await afterwards(volume, ports.objects, memo === 'asked' ? 'deleted' : 'gone already');
    const kept = (await cloud.volumeSnapshots(volume.id)).find(({ name }) => name === snapshotName(volume, run.id));
    if (kept === undefined || !kept.finished) return { failed: 'its snapshot is not there any more, so it stays' };
    const used = await inUse(volume, ports);
    if (used !== undefined) return used;
    await cloud.deleteVolume({ id: volume.id });
    return { wait: 'it is being deleted', memo: 'asked' };
  },
};

/** A volume that nobody mounts, deleted after a snapshot of it. Data cannot be brought back without one: no snapshot, no deletion. */
export const deleteVolume = defineProcedure({
  name: 'deleteVolume',
  title: 'Delete the volume',
  params: z.object({ volume: z.string().min(1) }).strict(),
  needs: ['cloud'],
  reach: 'platform',
  destructive: true,
  reversal: 'none',
  waitsFor: [],
  rbac: [{ apiGroups: [''], resources: ['persistentvolumes'], verbs: ['list'] }],
  kinds: { look, snapshot, remove },
  preflight({ volume: asked }, { cloud: { value } }, { declared: { storage = storagePrices() } }) {
    if (value.volumes === undefined)
      return { blocked: 'stale-data', saw: 'the token may not read volumes: it lacks block_storage:read' };
    const found = value.volumes.filter(({ id, name }) => id === asked || name === asked);
    const [volume] = found;
    if (volume === undefined) return { blocked: 'no-target', saw: `there is no volume ${asked}` };
    if (found.length > 1)
      return {
        blocked: 'no-target',
        saw: `${found.length} volumes are called ${asked}: ${found.map(({ id }) => id).join(', ')}`,
      };
    if (volume.droplets.length > 0) return { blocked: 'no-target', saw: heldBy(volume) };
    const { id, name, sizeGib } = volume;
    const saved = timesUsd(storage.volume, sizeGib);
    const kept = timesUsd(storage.snapshot, sizeGib);
    const step = (kind: string, title: string, within: '1m' | '2h' | '10m') => ({
      kind,
      title,
      input: { id, name },
      withinMs: toMs(duration(within)),
    });
    return {
      target: `volume/${id}`,
      steps: [
        step('look', `who uses ${name}`, '1m'),
        step('snapshot', `snapshot of ${name}`, '2h'),
        step('remove', `delete ${name}`, '10m'),
      ],
      says: `delete volume ${name} (${sizeGib} GiB), ${formatUsd(saved)} a month, after a snapshot of it, at most ${formatUsd(kept)} a month`,
      touches: touchesNothing,
      costPerHour: hourlyShare(prices, Math.max(0, kept - saved) as MicroUsd),
    };
  },
});

async function standing(cloud: Cloud, { id }: Volume): Promise<BlockVolume | undefined> {
  return (await cloud.volumes()).find((volume) => volume.id === id);
}

/** Why it must stay; undefined when nobody uses it. A claim counts although no pod runs now: one that was scaled to nothing comes back. */
async function inUse(volume: Volume, { cloud, objects }: StepContext['ports']): Promise<StepAnswer | undefined> {
  const now = await standing(cloud, volume);
  if (now === undefined) return { failed: `volume ${volume.name} is gone` };
  if (now.droplets.length > 0) return { failed: heldBy(now) };
  const claimed = (await namedBy(volume, objects)).find(({ status }) => status.phase === 'Bound');
  if (claimed === undefined) return undefined;
  const { claimRef } = claimed.spec;
  const claim = claimRef === undefined ? 'a claim' : `claim ${claimRef.namespace}/${claimRef.name}`;
  return { failed: `${claim} still wants it: kubectl delete pvc first, if nobody needs what is on it` };
}

function heldBy({ name, droplets }: BlockVolume): string {
  return `Droplet ${droplets.join(', ')} holds volume ${name}: a pod mounts it`;
}

/** The PersistentVolumes of the cluster that stand for it. */
async function namedBy({ id }: Volume, objects: Objects): Promise<readonly z.infer<typeof Persistent>[]> {
  const all = await objects.list({ apiVersion: 'v1', kind: 'PersistentVolume' });
  return all.map((one) => Persistent.parse(one)).filter(({ spec }) => spec.csi?.volumeHandle === id);
}

async function afterwards(volume: Volume, objects: Objects, done: string): Promise<StepAnswer> {
  const left = await namedBy(volume, objects);
  return {
    done,
    result: { lines: left.map(({ metadata }) => `its object is left over: kubectl delete pv ${metadata.name}`) },
  };
}
