import { put } from './create.ts';
import type { ObjectStore, RestoreTarget } from './define.ts';
import { backupFolder, type Manifest } from './manifest.ts';
import { type Restored, restoreBackup } from './restore.ts';

/** How a backup stood the test. */
export interface Verification {
  readonly id: string;
  readonly ok: boolean;
  readonly parts: readonly Restored[];
  /** Age of the oldest part when it was tested, in milliseconds: what would have been lost. */
  readonly recoveryPointAgeMs: number;
  /** What the restore took, all parts together, in milliseconds. */
  readonly recoveryTimeMs: number;
}

/** Restores every part for real into scratch targets, counts, drops them again, and marks the backup as good. A backup that lacks a component is not. */
export async function verifyBackup(options: {
  readonly store: ObjectStore;
  readonly manifest: Manifest;
  readonly identity: string;
  readonly targets: readonly RestoreTarget[];
  readonly now: () => number;
  readonly signal: AbortSignal;
}): Promise<Verification> {
  const { manifest, targets, now } = options;
  const begunMs = now();
  const there = targets.filter(({ component }) => manifest.parts.some((part) => part.component === component));
  let parts: readonly Restored[];
  try {
    parts = await restoreBackup({ ...options, targets: there, overProduction: false, dryRun: false });
  } finally {
    // Also after a failure: what a check has made must not stay.
    for (const target of there) await target.drop?.().catch(() => undefined);
  }
  const lacking = manifest.missing.map(
    ({ component, reason }): Restored => ({
      component,
      target: '',
      ok: false,
      says: `not in it: ${reason}`,
      bytes: 0,
      tookMs: 0,
    }),
  );
  const untested = manifest.parts
    .filter(({ component }) => !there.some((target) => target.component === component))
    .map(
      ({ component }): Restored => ({
        component,
        target: '',
        ok: false,
        says: 'not tested: nowhere to restore it to',
        bytes: 0,
        tookMs: 0,
      }),
    );
  const all = [...parts, ...untested, ...lacking];
  const verification: Verification = {
    id: manifest.id,
    ok: all.every(({ ok }) => ok),
    parts: all,
    recoveryPointAgeMs: begunMs - Math.min(...manifest.parts.map(({ recoveryPointMs }) => recoveryPointMs)),
    recoveryTimeMs: now() - begunMs,
  };
  if (verification.ok)
    await put(
      options.store,
      `${backupFolder(manifest.id)}verified.json`,
      `${JSON.stringify({ atMs: now(), ...verification })}\n`,
    );
  return verification;
}
