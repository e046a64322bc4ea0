import type { Clock } from '../kernel/clock.ts';
import { errorText } from '../kernel/errors.ts';
import { type KubeObject, keyOf, nameOf, type Ref } from './kube/object.ts';
import { halve, isProtected, manager } from './kube/own.ts';
import type { Kube } from './kube/port.ts';
import { keepLock } from './record/keep-lock.ts';
import { takeLock } from './record/lock.ts';
import type { Run } from './record/run.ts';
import { readRuns, writeRun } from './record/store.ts';

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

/** What a rollback of the last run needs. */
export interface RollbackOptions {
  readonly kube: Kube;
  readonly namespace: string;
  readonly clock: Clock;
  readonly who: string;
  readonly agreed: (run: Run) => Promise<boolean>;
  readonly tell: (line: string) => void;
}

/** How it ended. */
export type RollbackOutcome =
  | { readonly is: 'done' | 'incomplete' | 'declined'; readonly says: string }
  | { readonly is: 'refused'; readonly says: string; readonly todo: string };

/** Puts back what stood before the newest run, under the same lock as a deployment. Run again after a kill, it goes on. */
export async function rollBackLast({
  kube,
  namespace,
  clock,
  who,
  agreed,
  tell,
}: RollbackOptions): Promise<RollbackOutcome> {
  const [run] = await readRuns(kube, namespace);
  if (run === undefined)
    return { is: 'refused', says: 'the cluster keeps no run', todo: 'there is nothing to go back from' };
  if (run.state === 'rolled-back')
    return { is: 'refused', says: `run ${run.id} was rolled back already`, todo: 'deploy what is wanted instead' };
  if (!(await agreed(run))) return { is: 'declined', says: 'Nothing was changed.' };
  const lock = await takeLock(kube, namespace, who, clock);
  if ('heldBy' in lock)
    return {
      is: 'refused',
      says: `${lock.heldBy} deploys right now`,
      todo: 'wait until it is over; if it has died, wait a minute',
    };
  const kept = keepLock(kube, lock, clock);
  try {
    const restored = await rollBack(kept.kube, run, ({ says }) => tell(says));
    const failed = restored.filter(({ did }) => did === 'failed');
    if (failed.length > 0)
      return {
        is: 'incomplete',
        says: `${failed.length} of ${restored.length} objects could not be put back; run it again`,
      };
    const endedAt = new Date(clock.now()).toISOString();
    await writeRun(kept.kube, namespace, { ...run, state: 'rolled-back', endedAt });
    return { is: 'done', says: `${restored.length} objects are as they were before run ${run.id}` };
  } finally {
    await kept.release();
  }
}
