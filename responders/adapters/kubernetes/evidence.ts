import type { CoreV1Event, V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import { PortError } from '../../../kernel/errors.ts';
import { hideSecrets } from '../../../kernel/secrets.ts';
import type { Evidence } from '../../ports.ts';
import type { KubernetesClient } from './client.ts';
import { listAll } from './list.ts';
import { toPod, workloadOf } from './objects.ts';

const maxEvents = 20;
const maxRollouts = 5;
const tailLines = 20;
const maxLineLength = 300;
// Events of one hour (the API server's default) in a restless namespace.
const maxEventPages = 4;

/** What a person wants beside the alert: newest events first, last log lines of the pod worst off, newest rollouts first. A part that cannot be had is empty. */
export async function readEvidence(client: KubernetesClient, workload: string): Promise<Evidence> {
  const namespace = client.namespace;
  const [events, pods, replicaSets] = await Promise.all([
    orEmpty(
      listAll(
        (page) => client.read((options) => client.core.listNamespacedEvent({ namespace, ...page }, options)),
        maxEventPages,
      ),
    ),
    orEmpty(
      listAll((page) => client.read((options) => client.core.listNamespacedPod({ namespace, ...page }, options))),
    ),
    orEmpty(
      listAll((page) =>
        client.read((options) => client.apps.listNamespacedReplicaSet({ namespace, ...page }, options)),
      ),
    ),
  ]);
  const own = pods.filter((pod) => workloadOf(pod) === workload);
  return {
    events: eventsOf(workload, events, own),
    logLines: await lastLogLines(client, own),
    rollouts: rolloutsOf(workload, replicaSets),
  };
}

// Names that the controllers make end in letters and digits without vowels (apimachinery, util/rand), so that `api` does not claim what `api-gateway` did.
const generated = '(-[bcdfghjklmnpqrstvwxz2456789]{1,10}){1,2}';

function eventsOf(workload: string, events: readonly CoreV1Event[], pods: readonly V1Pod[]): Evidence['events'] {
  const podNames = new Set(pods.map((pod) => pod.metadata?.name));
  const gone = new RegExp(`^${workload.replace(/[^\w-]/g, '\\$&')}${generated}$`);
  return events
    .filter(
      ({ involvedObject: { name } }) =>
        name !== undefined && (name === workload || podNames.has(name) || gone.test(name)),
    )
    .map((event) => ({
      atMs: timeOf(event),
      reason: event.reason ?? '',
      message: line(event.message ?? ''),
      object: `${event.involvedObject.kind ?? ''}/${event.involvedObject.name ?? ''}`,
    }))
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, maxEvents);
}

function timeOf(event: CoreV1Event): number {
  const time =
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.firstTimestamp ??
    event.metadata.creationTimestamp;
  // Of a scheduler's event the library leaves the time as text.
  const ms = time === undefined ? Number.NaN : new Date(time).getTime();
  return Number.isNaN(ms) ? 0 : ms;
}

/** The newest revisions of a Deployment, newest first: by their numbers, since whoever goes back takes up an old ReplicaSet, which gets a new number and keeps its age. */
export function rolloutsOf(workload: string, replicaSets: readonly V1ReplicaSet[]): Evidence['rollouts'] {
  return replicaSets
    .filter(({ metadata }) =>
      metadata?.ownerReferences?.some((owner) => owner.kind === 'Deployment' && owner.name === workload),
    )
    .map(({ metadata, spec }) => ({
      atMs: metadata?.creationTimestamp?.getTime() ?? 0,
      revision: metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? '',
      image: spec?.template?.spec?.containers[0]?.image ?? '',
    }))
    .sort((a, b) => Number(b.revision) - Number(a.revision) || b.atMs - a.atMs)
    .slice(0, maxRollouts);
}

async function lastLogLines(client: KubernetesClient, pods: readonly V1Pod[]): Promise<readonly string[]> {
  const worst = pods
    .map((object) => ({ object, pod: toPod(object) }))
    .sort((a, b) => trouble(b.pod) - trouble(a.pod))[0];
  if (worst === undefined) return [];
  const { object, pod } = worst;
  const container = object.spec?.containers[0]?.name;
  const request = {
    name: pod.name,
    namespace: client.namespace,
    tailLines,
    limitBytes: 64 * 1024,
    ...(container === undefined ? {} : { container }),
  };
  // After a crash the reason stands in the log of the container before this one.
  const tries = pod.restarts > 0 ? [true, false] : [false];
  for (const previous of tries) {
    const text = await orUndefined(
      client.read((options) => client.core.readNamespacedPodLog({ ...request, previous }, options)),
    );
    if (text !== undefined && text !== '') return text.trimEnd().split('\n').slice(-tailLines).map(line);
  }
  return [];
}

function trouble({ ready, restarts }: { ready: boolean; restarts: number }): number {
  return (ready ? 0 : 1_000_000) + restarts;
}

function line(text: string): string {
  const clean = hideSecrets(text);
  return clean.length > maxLineLength ? `${clean.slice(0, maxLineLength - 1)}…` : clean;
}

// Evidence is a help, never a condition: a kubelet that does not answer or a right that is missing leaves its part empty.
async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PortError) return undefined;
    throw error;
  }
}

async function orEmpty<T>(answer: Promise<readonly T[]>): Promise<readonly T[]> {
  return (await orUndefined(answer)) ?? [];
}
