import { fieldOf, isMap, type KubeObject, type Ref, refOf } from './object.ts';

/** Field manager of what deployment declares. */
export const manager = 'gomeet-deploy';
/** Field manager of what is only given at first: replicas and floors. It never takes them back from an autoscaler, the responder or a person. */
export const startingManager = 'gomeet-deploy-start';
/** On every object that deployment made or took over: what has it not is never removed. */
export const ownerLabel = 'gomeet.dev/deployed-by';
/** Beside it: which environment it belongs to. On the namespace it says which environment the cluster is. */
export const environmentLabel = 'gomeet.dev/environment';

const floorFields: Readonly<Record<string, string>> = {
  Deployment: 'replicas',
  StatefulSet: 'replicas',
  HorizontalPodAutoscaler: 'minReplicas',
  ScaledObject: 'minReplicaCount',
};

/** An object in the two parts it is applied in. */
export interface Halves {
  readonly object: KubeObject;
  /** Replicas or floor, to be given where nobody has set them since; undefined where there are none. */
  readonly start: KubeObject | undefined;
  /** Whether an autoscaler owns what `start` has: then it is given when the object is made, and never again. */
  readonly onlyAtFirst: boolean;
}

/** Names of the Deployments and StatefulSets whose replicas an autoscaler among the objects owns, as `Kind/name`. */
export function autoscaled(objects: readonly KubeObject[]): ReadonlySet<string> {
  return new Set(
    objects
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject')
      .map((object) => {
        const kind = fieldOf(object, 'spec', 'scaleTargetRef', 'kind') ?? 'Deployment';
        return `${String(kind)}/${String(fieldOf(object, 'spec', 'scaleTargetRef', 'name'))}`;
      }),
  );
}

/** Takes out of an object what moves by itself: replicas, and the floors of autoscalers. */
export function halve(object: KubeObject, owned: ReadonlySet<string>): Halves {
  const field = floorFields[object.kind];
  const spec = object['spec'];
  if (field === undefined || !isMap(spec) || spec[field] === undefined)
    return { object, start: undefined, onlyAtFirst: false };
  const { [field]: value, ...rest } = spec;
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const start: KubeObject = {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: { [field]: value },
  };
  return {
    object: { ...object, spec: rest },
    start,
    onlyAtFirst: field === 'replicas' && owned.has(`${kind}/${name}`),
  };
}

/** The object with the labels by which it is known as ours. */
export function withOwner(object: KubeObject, environment: string): KubeObject {
  const labels = {
    ...object.metadata.labels,
    [ownerLabel]: manager,
    [environmentLabel]: environment,
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}

/** Kinds that deployment never deletes, whoever made them: with them go data, addresses, or everything else. */
export function isProtected(object: KubeObject): boolean {
  if (object.kind === 'Service') return fieldOf(object, 'spec', 'type') === 'LoadBalancer';
  return protectedKinds.has(object.kind);
}

const protectedKinds: ReadonlySet<string> = new Set([
  'Namespace',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass',
  'CustomResourceDefinition',
  'Secret',
]);

/** Whether a thing that carries our label was made by a controller from one of ours, which copies labels (KEDA's HPA, EndpointSlices). */
export function isDerived({ metadata: { ownerReferences = [] } }: KubeObject): boolean {
  return ownerReferences.length > 0;
}

/** Secrets are filled by people and by `gomeet secrets`; deployment only looks whether every key has a value. */
export function isSecret({ kind, apiVersion }: Pick<Ref, 'kind' | 'apiVersion'>): boolean {
  return kind === 'Secret' && apiVersion === 'v1';
}

/** References of what is applied: all but secrets. */
export function appliedRefs(objects: readonly KubeObject[]): readonly Ref[] {
  return objects.map(refOf).filter((ref) => !isSecret(ref));
}

/** Selects what deployment made for an environment. */
export function ownedBy(environment: string): string {
  return `${ownerLabel}=${manager},${environmentLabel}=${environment}`;
}
