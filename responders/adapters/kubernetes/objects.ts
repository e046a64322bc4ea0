import type {
  V1Deployment,
  V1Node,
  V1Pod,
  V2HorizontalPodAutoscaler,
  V2MetricSpec,
  V2MetricStatus,
} from '@kubernetes/client-node';
import { z } from 'zod';
import type { Autoscaler, ClusterNode, Deployment, Pod } from '../../ports.ts';
import { quantity } from '../../trouble/quantity.ts';

/** Annotation with the run that changed an object last: by it a second try knows the first. */
export const runIdAnnotation = 'gomeet.dev/run-id';
/** Annotation of a pod template that `kubectl rollout restart` sets too. */
export const restartedAtAnnotation = 'kubectl.kubernetes.io/restartedAt';
/** Annotation by which a ReplicaSet picks its victims; lower goes first. */
export const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
/** Label of a worker node with the name of its DOKS pool. */
export const nodePoolLabel = 'doks.digitalocean.com/node-pool';

/** A ScaledObject (keda.sh/v1alpha1) as far as it is used; KEDA's defaults are 0 and 100 replicas. */
export const ScaledObject = z.object({
  metadata: z.object({
    name: z.string(),
    resourceVersion: z.string(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.object({
    scaleTargetRef: z.object({ name: z.string(), kind: z.string().default('Deployment') }),
    minReplicaCount: z.number().int().default(0),
    maxReplicaCount: z.number().int().default(100),
  }),
  status: z.object({ hpaName: z.string().optional() }).optional(),
});
export type ScaledObject = z.infer<typeof ScaledObject>;
/** The answer to a list of ScaledObjects. */
export const ScaledObjectList = z.object({ items: z.array(ScaledObject) });

/** What owns each Deployment's replicas, by the Deployment's name. KEDA makes an HPA of its own: the ScaledObject above it is the owner. */
export function autoscalersByDeployment(
  hpas: readonly V2HorizontalPodAutoscaler[],
  scaledObjects: readonly ScaledObject[],
): ReadonlyMap<string, Autoscaler> {
  const owners = new Map<string, Autoscaler>();
  for (const hpa of hpas) {
    if (hpa.spec?.scaleTargetRef.kind === 'Deployment') owners.set(hpa.spec.scaleTargetRef.name, fromHpa(hpa));
  }
  for (const scaled of scaledObjects) {
    const { name: target, kind } = scaled.spec.scaleTargetRef;
    if (kind === 'Deployment') owners.set(target, fromScaledObject(scaled, owners.get(target)?.desiredReplicas));
  }
  return owners;
}

/** An HPA as the responder sees it; an absent minimum is 1 (autoscaling/v2). */
export function fromHpa(hpa: V2HorizontalPodAutoscaler): Autoscaler {
  return {
    kind: 'HorizontalPodAutoscaler',
    name: hpa.metadata?.name ?? '',
    minReplicas: hpa.spec?.minReplicas ?? 1,
    maxReplicas: hpa.spec?.maxReplicas ?? 1,
    desiredReplicas: hpaCanSay(hpa) ? wishOf(hpa) : undefined,
    resourceVersion: hpa.metadata?.resourceVersion ?? '',
    runId: hpa.metadata?.annotations?.[runIdAnnotation],
  };
}

// desiredReplicas is 0 in an HPA that has no metrics yet; only ScalingActive says that it computed something.
function hpaCanSay(hpa: V2HorizontalPodAutoscaler): boolean {
  return hpa.status?.conditions?.some(({ type, status }) => type === 'ScalingActive' && status === 'True') ?? false;
}

/**
 * What an HPA wants. One that may not scale down says in its status that it wants what there is, and no less than its floor: what its metrics
 * come to is then reckoned from them, as it does itself, or scale-in would wait for a wish that never comes.
 */
function wishOf({ spec, status }: V2HorizontalPodAutoscaler): number | undefined {
  if (spec?.behavior?.scaleDown?.selectPolicy !== 'Disabled') return status?.desiredReplicas;
  const { metrics = [] } = spec;
  const wishes = metrics.map((metric, index) =>
    wishOfMetric(metric, status?.currentMetrics?.[index], status?.currentReplicas ?? 0),
  );
  const known = wishes.filter((wish) => wish !== undefined);
  return known.length < metrics.length || metrics.length === 0 ? undefined : Math.max(...known);
}

function wishOfMetric(target: V2MetricSpec, current: V2MetricStatus | undefined, replicas: number): number | undefined {
  if (current?.type !== target.type) return undefined;
  const { averageUtilization: percent } = current.resource?.current ?? {};
  const { averageUtilization: percentWanted } = target.resource?.target ?? {};
  if (percentWanted !== undefined && percent !== undefined) return Math.ceil((replicas * percent) / percentWanted);
  const each = quantity(current.external?.current.averageValue ?? '');
  const eachWanted = quantity(target.external?.target.averageValue ?? '');
  if (each === undefined || eachWanted === undefined) return undefined;
  // The controller rounds each pod's share up to thousandths: what was a whole number of pods must not become one more.
  return Math.ceil((replicas * (each - 0.001)) / eachWanted);
}

/** A ScaledObject as the responder sees it; what it wants is what its HPA wants. */
export function fromScaledObject(scaled: ScaledObject, desiredReplicas: number | undefined): Autoscaler {
  return {
    kind: 'ScaledObject',
    name: scaled.metadata.name,
    minReplicas: scaled.spec.minReplicaCount,
    maxReplicas: scaled.spec.maxReplicaCount,
    desiredReplicas,
    resourceVersion: scaled.metadata.resourceVersion,
    runId: scaled.metadata.annotations?.[runIdAnnotation],
  };
}

/** A Deployment as the responder sees it. */
export function toDeployment(object: V1Deployment, autoscaler: Autoscaler | undefined): Deployment {
  const { metadata, spec, status } = object;
  return {
    name: metadata?.name ?? '',
    replicas: spec?.replicas ?? 1,
    readyReplicas: status?.readyReplicas ?? 0,
    updatedReplicas: status?.updatedReplicas ?? 0,
    observed: (status?.observedGeneration ?? -1) >= (metadata?.generation ?? 0),
    resourceVersion: metadata?.resourceVersion ?? '',
    runId: metadata?.annotations?.[runIdAnnotation],
    restartedAt: spec?.template.metadata?.annotations?.[restartedAtAnnotation],
    autoscaler,
  };
}

/** A pod as the responder sees it. */
export function toPod(object: V1Pod): Pod {
  const { metadata, spec, status } = object;
  const containers = status?.containerStatuses ?? [];
  const conditions = status?.conditions ?? [];
  const waiting = [...(status?.initContainerStatuses ?? []), ...containers].find(({ state }) => state?.waiting?.reason);
  const cost = Number(metadata?.annotations?.[deletionCostAnnotation] ?? Number.NaN);
  return {
    name: metadata?.name ?? '',
    workload: workloadOf(object),
    node: spec?.nodeName,
    ready: conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    restarts: containers.reduce((total, { restartCount }) => total + restartCount, 0),
    waitingReason: waiting?.state?.waiting?.reason,
    unschedulable: conditions.find((one) => one.type === 'PodScheduled' && one.reason === 'Unschedulable')?.message,
    createdAtMs: metadata?.creationTimestamp?.getTime() ?? 0,
    deletedAtMs: metadata?.deletionTimestamp?.getTime(),
    deletionCost: Number.isInteger(cost) ? cost : undefined,
  };
}

/** Whether a pod has run to its end (evicted, completed): it holds nothing, and its ReplicaSet no longer counts it. */
export function isOver(pod: V1Pod): boolean {
  return pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
}

/** The workload a pod belongs to: the Deployment above its ReplicaSet, else its own owner, else the label `app`, else itself. */
export function workloadOf(pod: V1Pod): string {
  const labels = pod.metadata?.labels ?? {};
  const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  const hash = labels['pod-template-hash'];
  if (owner?.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`))
    return owner.name.slice(0, -hash.length - 1);
  return owner?.name ?? labels['app.kubernetes.io/name'] ?? labels['app'] ?? pod.metadata?.name ?? '';
}

/** The nodes that are Ready, cordoned or not. */
export function readyNodes(nodes: readonly V1Node[]): readonly ClusterNode[] {
  return nodes
    .filter((node) => node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'))
    .map((node) => ({ name: node.metadata?.name ?? '', pool: node.metadata?.labels?.[nodePoolLabel] }));
}
