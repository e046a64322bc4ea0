import type { Clock } from '../kernel/clock.ts';
import { labelled } from './kube/leftovers.ts';
import { fieldOf, isCustom, type KubeObject, keyOf, nameOf, type Ref, refOf } from './kube/object.ts';
import { isProtected } from './kube/own.ts';
import type { Kube } from './kube/port.ts';
import { readRuns } from './record/store.ts';

/** What an uninstall takes away and what stays, whoever asks. */
export interface Uninstall {
  readonly removable: readonly KubeObject[];
  readonly stays: readonly KubeObject[];
}

/** What carries our label of all kinds that any kept run declared: an add-on that somebody else installed has none. Namespaces, volumes, secrets, definitions and load balancers stay. */
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

/** How it ended. `stopped`: something holds a custom resource; what would let it go was left running. */
export type UninstallOutcome =
  | { readonly is: 'done' }
  | { readonly is: 'stopped'; readonly says: string; readonly todo: string };

/** What an uninstall needs beside its plan; `withinMs`: how long the add-ons have to let go of their resources, 3 min unless said. */
export interface UninstallOptions {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly tell: (line: string) => void;
  readonly withinMs?: number;
}

/**
 * Takes it away: custom resources first, and once they are gone the rest, last made first. KEDA and cert-manager put finalizers on what is
 * theirs: without them nobody would take these off again, and the namespace could never be deleted.
 */
export async function uninstall({ removable }: Uninstall, options: UninstallOptions): Promise<UninstallOutcome> {
  const { kube, clock, tell, withinMs = 180_000 } = options;
  const custom = removable.filter(isCustom);
  await removeAll(kube, custom, tell);
  const until = clock.now() + withinMs;
  let told = '';
  for (;;) {
    const held = await stillThere(kube, custom);
    const [first] = held;
    if (first === undefined) break;
    const which = `${held.length} custom resources do not go, such as ${nameOf(refOf(first))}, held by ${String(first.metadata['finalizers'])}`;
    if (clock.now() >= until)
      return {
        is: 'stopped',
        says: which,
        todo: 'look why its add-on does not let go of it (its pods and their logs), then run the same command again; the add-ons were left running',
      };
    if (which !== told) tell(`waiting, ${Math.round((until - clock.now()) / 1_000)} s at the most: ${which}`);
    told = which;
    await clock.sleep(1_000);
  }
  await removeAll(
    kube,
    removable.filter((one) => !isCustom(one)),
    tell,
  );
  return { is: 'done' };
}

async function removeAll(kube: Kube, objects: readonly KubeObject[], tell: (line: string) => void): Promise<void> {
  for (const object of [...objects].reverse()) {
    if (object.metadata.uid === undefined) continue;
    await kube.remove(refOf(object), object.metadata.uid);
    tell(`removed ${nameOf(refOf(object))}`);
  }
}

async function stillThere(kube: Kube, objects: readonly KubeObject[]): Promise<readonly KubeObject[]> {
  const wanted = new Map(objects.map((one) => [keyOf(refOf(one)), one.metadata.uid]));
  const kinds = new Map(objects.map((one) => [`${one.apiVersion} ${one.kind}`, one]));
  const lists = await Promise.all([...kinds.values()].map(({ apiVersion, kind }) => kube.list({ apiVersion, kind })));
  return lists.flat().filter((one) => {
    const uid = fieldOf(one, 'metadata', 'uid');
    return uid !== undefined && wanted.get(keyOf(refOf(one))) === uid;
  });
}
