import { errorText } from '../kernel/errors.ts';
import { type KubeObject, keyOf, nameOf, type Ref } from './kube/object.ts';
import { halve, isProtected, manager } from './kube/own.ts';
import type { Kube } from './kube/port.ts';
import type { Run } from './record/run.ts';

/** What became of one object. */
export interface Restored {
  readonly ref: Ref;
  readonly did: 'restored' | 'removed' | 'kept' | 'failed';
  readonly says: string;
}

/**
 * Puts back what a run touched to what stood before it, last first. What was not there goes, except namespaces, volumes, secrets,
 * definitions and load balancers. Replicas and floors stay as they are now. One that fails does not hold up the others.
 */
export async function rollBack(
  kube: Kube,
  run: Run,
  told: (one: Restored) => void = () => undefined,
): Promise<readonly Restored[]> {
  const before = new Map(run.snapshot.objects.map(({ ref, was }) => [keyOf(ref), was]));
  const results: Restored[] = [];
  for (const ref of [...run.touched].reverse()) {
    const one = await restore(kube, ref, before.get(keyOf(ref)) ?? 'absent').catch(
      (error: unknown): Restored => ({ ref, did: 'failed', says: `${nameOf(ref)}: ${errorText(error)}` }),
    );
    told(one);
    results.push(one);
  }
  return results;
}

async function restore(kube: Kube, ref: Ref, was: KubeObject | 'absent'): Promise<Restored> {
  if (was !== 'absent') {
    await kube.apply(halve(was, new Set()).object, { manager, force: true });
    return { ref, did: 'restored', says: `${nameOf(ref)} as it was` };
  }
  const found = await kube.get(ref);
  if (found?.metadata.uid === undefined) return { ref, did: 'removed', says: `${nameOf(ref)} is gone` };
  if (isProtected(found))
    return { ref, did: 'kept', says: `${nameOf(ref)} was made by the run and stays: it is never deleted` };
  await kube.remove(ref, found.metadata.uid);
  return { ref, did: 'removed', says: `${nameOf(ref)} was made by the run and is deleted` };
}
