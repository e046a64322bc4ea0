import { clean } from '../kube/clean.ts';
import { type KubeObject, keyOf, type Ref, refOf } from '../kube/object.ts';
import { isSecret } from '../kube/own.ts';
import type { Kube } from '../kube/port.ts';
import type { Snapshot } from './run.ts';

/** What stands of the objects that a run may touch. Secrets are never among them. */
export async function takeSnapshot(
  kube: Kube,
  refs: readonly Ref[],
  standing: readonly KubeObject[],
  nowMs: number,
): Promise<Snapshot> {
  const all = new Map(
    [...refs, ...standing.map(refOf)].filter((ref) => !isSecret(ref)).map((ref) => [keyOf(ref), ref]),
  );
  const objects: { ref: Ref; was: KubeObject | 'absent' }[] = [];
  for (const ref of all.values()) {
    const found = await kube.get(ref);
    objects.push({ ref, was: found === undefined ? 'absent' : clean(found) });
  }
  return { takenAt: new Date(nowMs).toISOString(), objects };
}
