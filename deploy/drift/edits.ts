import { type Applied, type ApplyContext, applyObjects } from '../kube/apply.ts';
import { leftovers } from '../kube/leftovers.ts';
import { nameOf, refOf } from '../kube/object.ts';
import { appliedRefs } from '../kube/own.ts';

/** How what runs differs from what is declared. */
export interface Drift {
  /** Objects that deployment would change back: edited by hand, or never deployed. */
  readonly edited: readonly Applied[];
  readonly missing: readonly Applied[];
  /** Replicas and floors that others hold: no fault, and shown. */
  readonly held: readonly Applied[];
  /** Made by deployment, declared no more. */
  readonly leftover: readonly string[];
}

/** Asks the API server what an apply would change; nothing is changed. */
export async function findDrift(context: ApplyContext): Promise<Drift> {
  const applied = await applyObjects({ ...context, dryRun: true }, context.declared);
  const refs = appliedRefs(context.declared);
  const { removable, kept } = await leftovers(context.kube, context.environment, refs, refs);
  return {
    edited: applied.filter(({ did }) => did === 'changed'),
    missing: applied.filter(({ did }) => did === 'created'),
    held: applied.filter(({ note }) => note !== undefined),
    leftover: [...removable, ...kept].map((object) => nameOf(refOf(object))),
  };
}
