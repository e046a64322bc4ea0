import { labelled } from './kube/leftovers.ts';
import { type KubeObject, nameOf, type Ref, refOf } from './kube/object.ts';
import { isProtected } from './kube/own.ts';
import type { Kube } from './kube/port.ts';
import { readRuns } from './record/store.ts';

/** What an uninstall takes away and what stays, whoever asks. */
export interface Uninstall {
  readonly removable: readonly KubeObject[];
  readonly stays: readonly KubeObject[];
}

/** What carries our label of all kinds that any kept run declared. Namespaces, volumes, secrets, definitions and load balancers stay. */
export async function planUninstall(
  kube: Kube,
  environment: string,
  namespace: string,
  declared: readonly Ref[],
): Promise<Uninstall> {
  const runs = await readRuns(kube, namespace);
  const found = await labelled(kube, environment, [...declared, ...runs.flatMap(({ inventory }) => inventory)]);
  return { removable: found.filter((one) => !isProtected(one)), stays: found.filter(isProtected) };
}

/** Takes it away, what depends on others first. */
export async function uninstall(kube: Kube, { removable }: Uninstall, told: (line: string) => void): Promise<void> {
  for (const object of [...removable].reverse()) {
    if (object.metadata.uid === undefined) continue;
    await kube.remove(refOf(object), object.metadata.uid);
    told(`removed ${nameOf(refOf(object))}`);
  }
}
