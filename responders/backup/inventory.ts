import { closest } from 'fastest-levenshtein';
import { PortError } from '../../kernel/errors.ts';
import type { ObjectStore, StoredObject } from './define.ts';
import { backupsPrefix, begunAtMs, type Manifest, readManifest } from './manifest.ts';

/** A backup as it lies in the bucket. */
export interface Stored {
  readonly id: string;
  readonly begunAtMs: number;
  readonly objects: readonly StoredObject[];
  /** It has a manifest; without one it broke off, or is under way. */
  readonly finished: boolean;
  /** Someone has restored it for a test, and it was whole. */
  readonly verified: boolean;
  readonly bytes: number;
  /** When something of it was written last. */
  readonly touchedAtMs: number;
}

/** Every backup in the bucket, oldest first. What is not ours is left out. */
export async function inventory(store: ObjectStore): Promise<readonly Stored[]> {
  const objects = await store.list(backupsPrefix);
  const byId = Map.groupBy(objects, ({ key }) => /\/(backup-\d{8}-\d{6})\//.exec(key)?.[1] ?? '');
  byId.delete('');
  return [...byId]
    .map(([id, own]): Stored => {
      const has = (name: string) => own.some(({ key }) => key.endsWith(`/${name}`));
      return {
        id,
        begunAtMs: begunAtMs(id),
        objects: own,
        finished: has('manifest.json'),
        verified: has('verified.json'),
        bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
        touchedAtMs: Math.max(...own.map(({ modifiedAtMs }) => modifiedAtMs)),
      };
    })
    .sort((a, b) => a.id.localeCompare(b.id));
}

/** Finds a backup by its name, by a key of one of its objects, as the original script named its file, or as `latest`: the newest finished one. Throws a PortError that offers the nearest name. */
export async function findBackup(store: ObjectStore, wanted: string): Promise<Manifest> {
  const finished = (await inventory(store)).filter((one) => one.finished);
  if (finished.length === 0) throw new PortError('backup', 'not-found', 'there is no finished backup in the bucket');
  const latest = finished.at(-1)?.id ?? '';
  const id = wanted === 'latest' ? latest : (/backup-\d{8}-\d{6}/.exec(wanted)?.[0] ?? wanted);
  if (!finished.some((one) => one.id === id)) {
    const near = closest(
      id,
      finished.map((one) => one.id),
    );
    throw new PortError(
      'backup',
      'not-found',
      `there is no finished backup ${wanted}; the newest is ${latest}${near === latest ? '' : `, the nearest name ${near}`}`,
    );
  }
  return await readManifest(store, id);
}
