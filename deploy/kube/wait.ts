import type { Clock } from '../../kernel/clock.ts';
import { fieldOf, type KubeObject, keyOf, nameOf, type Ref } from './object.ts';
import type { Kube, Trouble } from './port.ts';
import { podTrouble, readiness, unschedulable, waitedFor } from './ready.ts';

/** Why a wait ended before everything was ready. */
export interface NotReady {
  readonly ref: Ref;
  readonly says: string;
  readonly trouble: Trouble;
}

/** How long, and who is told. */
export interface WaitOptions {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly withinMs: number;
  readonly pollMs?: number;
  readonly tell?: (line: string) => void;
}

/** A crash may be one try of several: it has to be seen in this many looks before it counts. */
const looksToBelieve = 3;

/** Waits until everything works. Ends early, with the cause, on what waiting does not cure; undefined when all is ready. */
export async function waitReady(refs: readonly Ref[], options: WaitOptions): Promise<NotReady | undefined> {
  const { kube, clock, withinMs, pollMs = 2_000, tell = () => undefined } = options;
  const until = clock.now() + withinMs;
  const seen = new Map<string, number>();
  const said = new Map<string, string>();
  let open = refs.filter(({ kind }) => waitedFor.has(kind));
  for (;;) {
    const looks = await Promise.all(open.map(async (ref) => ({ ref, ...(await look(kube, ref)) })));
    open = looks.filter(({ is }) => is !== 'ready').map(({ ref }) => ref);
    if (open.length === 0) return undefined;
    for (const { ref, is, says, lasting } of looks) {
      if (is === 'ready') continue;
      const key = keyOf(ref);
      if (said.get(key) !== says) tell(`${nameOf(ref)}: ${says}`);
      said.set(key, says);
      seen.set(key, lasting ? (seen.get(key) ?? 0) + 1 : 0);
      if (is === 'failed' || (seen.get(key) ?? 0) >= looksToBelieve) return await notReady(kube, ref, says);
    }
    const [first] = looks.filter(({ is }) => is !== 'ready');
    if (clock.now() >= until && first !== undefined)
      return await notReady(kube, first.ref, `${first.says}, after ${Math.round(withinMs / 1_000)} s`);
    await clock.sleep(pollMs);
  }
}

interface Look {
  readonly is: 'ready' | 'waiting' | 'failed';
  readonly says: string;
  /** Whether it will stay like this for all that can be seen. */
  readonly lasting: boolean;
}

async function look(kube: Kube, ref: Ref): Promise<Look> {
  const object = await kube.get(ref);
  if (object === undefined) return { is: 'waiting', says: 'is not there', lasting: false };
  const state = readiness(object);
  // Before its controller has made pods of the new revision there is nothing to learn from pods.
  if (state.is !== 'waiting' || !hasNewPods(object)) return { ...state, lasting: false };
  const pods = newest(await podsOf(kube, object));
  const trouble = podTrouble(pods);
  if (trouble !== undefined) return { is: 'waiting', says: trouble, lasting: true };
  return { is: 'waiting', says: unschedulable(pods) ?? state.says, lasting: false };
}

function hasNewPods(object: KubeObject): boolean {
  const { generation, namespace } = object.metadata;
  const observed = fieldOf(object, 'status', 'observedGeneration');
  const updated = fieldOf(object, 'status', 'updatedReplicas') ?? fieldOf(object, 'status', 'updatedNumberScheduled');
  return namespace !== undefined && observed === generation && typeof updated === 'number' && updated > 0;
}

/** The pods of the newest revision: what ails the old ones is what is being replaced. */
function newest(pods: readonly KubeObject[]): readonly KubeObject[] {
  const alive = pods.filter(({ metadata }) => metadata['deletionTimestamp'] === undefined);
  const created = (pod: KubeObject) => String(pod.metadata['creationTimestamp'] ?? '');
  const hashOf = (pod: KubeObject | undefined) =>
    pod?.metadata.labels?.['pod-template-hash'] ?? pod?.metadata.labels?.['controller-revision-hash'];
  const latest = hashOf([...alive].sort((a, b) => created(b).localeCompare(created(a)))[0]);
  return alive.filter((pod) => hashOf(pod) === latest);
}

async function podsOf(kube: Kube, object: KubeObject): Promise<readonly KubeObject[]> {
  const labels = fieldOf(object, 'spec', 'selector', 'matchLabels');
  const { namespace } = object.metadata;
  if (typeof labels !== 'object' || labels === null || namespace === undefined) return [];
  const selector = Object.entries(labels).map(([name, value]) => `${name}=${String(value)}`);
  return await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace }, selector.join(','));
}

async function notReady(kube: Kube, ref: Ref, says: string): Promise<NotReady> {
  return { ref, says, trouble: await kube.trouble(ref.name) };
}
