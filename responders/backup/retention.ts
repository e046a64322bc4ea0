import type { ObjectStore } from './define.ts';
import type { Stored } from './inventory.ts';

/** How long backups are kept: the newest of a day for `days` days, of a week for `weeks` weeks, of a month for `months` months (30-day months). */
export interface Keep {
  readonly days: number;
  readonly weeks: number;
  readonly months: number;
  /** So many finished ones stay whatever their age. */
  readonly atLeast: number;
}

/** Thirty days as the original script had it, and a year of months beside them. */
export const defaultKeep: Keep = { days: 30, weeks: 12, months: 12, atLeast: 3 };

const dayMs = 86_400_000;

/** A backup that goes, and why. */
export interface Expired {
  readonly backup: Stored;
  readonly why: 'too old' | 'never finished';
}

/** Which backups go. One that is not finished goes a day after its last sign of life; the newest verified one never goes. */
export function expired(backups: readonly Stored[], keep: Keep, nowMs: number): readonly Expired[] {
  const finished = backups.filter((one) => one.finished).toReversed();
  const kept = new Set(finished.slice(0, keep.atLeast).map(({ id }) => id));
  const lastVerified = finished.find((one) => one.verified);
  if (lastVerified !== undefined) kept.add(lastVerified.id);
  for (const [spans, spanMs] of [
    [keep.days, dayMs],
    [keep.weeks, 7 * dayMs],
    [keep.months, 30 * dayMs],
  ] as const) {
    const oldestMs = nowMs - spans * spanMs;
    const seen = new Set<number>();
    for (const { id, begunAtMs } of finished) {
      const span = Math.floor(begunAtMs / spanMs);
      if (begunAtMs < oldestMs || seen.has(span)) continue;
      seen.add(span);
      kept.add(id);
    }
  }
  return backups.flatMap((backup): Expired[] => {
    if (!backup.finished) return nowMs - backup.touchedAtMs > dayMs ? [{ backup, why: 'never finished' }] : [];
    // What was made in the last day is never thinned out: it may be the one before a change.
    return kept.has(backup.id) || nowMs - backup.begunAtMs < dayMs ? [] : [{ backup, why: 'too old' }];
  });
}

/** Deletes backups, the manifest of each first: what is left when that breaks off counts as never finished. */
export async function deleteBackups(store: ObjectStore, gone: readonly Expired[]): Promise<void> {
  for (const { backup } of gone) {
    const keys = backup.objects.map(({ key }) => key);
    const isManifest = (key: string) => key.endsWith('/manifest.json');
    await store.delete([...keys.filter(isManifest), ...keys.filter((key) => !isManifest(key))]);
  }
}
