import { groupOf, type KubeObject, keyOf, type Ref, refOf } from './object.ts';
import { isDerived, isProtected, ownedBy } from './own.ts';
import type { Kube } from './port.ts';

/** Everything of the environment that carries our label: of the kinds that are declared, or were. What controllers derived is theirs. */
export async function labelled(kube: Kube, environment: string, refs: readonly Ref[]): Promise<readonly KubeObject[]> {
  const kinds = new Map(refs.map((ref) => [`${groupOf(ref.apiVersion)}/${ref.kind}`, ref]));
  const lists = await Promise.all(
    [...kinds.values()].map(({ apiVersion, kind }) => kube.list({ apiVersion, kind }, ownedBy(environment))),
  );
  return lists.flat().filter((object) => !isDerived(object));
}

/** What carries our label and is declared no more, so that it may go; what is protected stays and is named. */
export async function leftovers(
  kube: Kube,
  environment: string,
  declared: readonly Ref[],
  inventory: readonly Ref[],
): Promise<{ readonly removable: readonly KubeObject[]; readonly kept: readonly KubeObject[] }> {
  const wanted = new Set(declared.map(keyOf));
  const stale = (await labelled(kube, environment, [...declared, ...inventory])).filter(
    (object) => !wanted.has(keyOf(refOf(object))),
  );
  return { removable: stale.filter((one) => !isProtected(one)), kept: stale.filter(isProtected) };
}
