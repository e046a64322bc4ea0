import { fieldOf, type KubeObject } from './object.ts';

/** How far an object is from doing its work. `failed` is what waiting does not cure. */
export interface Readiness {
  readonly is: 'ready' | 'waiting' | 'failed';
  readonly says: string;
}

const ready: Readiness = { is: 'ready', says: 'ready' };

/** Whether what was applied also works, by what its controller says; an object without a controller is ready once it is there. */
export function readiness(object: KubeObject): Readiness {
  switch (object.kind) {
    case 'Deployment':
      return rollout(object, number(object, 'spec', 'replicas') ?? 1, 'updatedReplicas', 'availableReplicas');
    case 'StatefulSet':
      return rollout(object, number(object, 'spec', 'replicas') ?? 1, 'updatedReplicas', 'readyReplicas');
    case 'DaemonSet': {
      const wanted = number(object, 'status', 'desiredNumberScheduled');
      return wanted === undefined
        ? waiting('its controller has not seen it')
        : rollout(object, wanted, 'updatedNumberScheduled', 'numberAvailable');
    }
    case 'Job':
      if (condition(object, 'Complete') === 'True') return ready;
      return condition(object, 'Failed') === 'True' ? failed(message(object, 'Failed')) : waiting('runs');
    case 'CustomResourceDefinition':
      return condition(object, 'Established') === 'True' ? ready : waiting('not served yet');
    case 'APIService':
      return condition(object, 'Available') === 'True' ? ready : waiting(message(object, 'Available'));
    case 'Certificate':
      return condition(object, 'Ready') === 'True' ? ready : waiting(message(object, 'Ready'));
    case 'Service':
      if (fieldOf(object, 'spec', 'type') !== 'LoadBalancer') return ready;
      return isFilled(fieldOf(object, 'status', 'loadBalancer', 'ingress')) ? ready : waiting('has no address yet');
    default:
      return ready;
  }
}

/** Kinds that are worth waiting for. */
export const waitedFor: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CustomResourceDefinition',
  'APIService',
  'Service',
]);

function rollout(object: KubeObject, wanted: number, updatedField: string, availableField: string): Readiness {
  const { generation } = object.metadata;
  const observed = number(object, 'status', 'observedGeneration');
  if (generation !== undefined && (observed === undefined || observed < generation))
    return waiting('its controller has not seen it');
  if (message(object, 'Progressing', 'ProgressDeadlineExceeded') !== '')
    return failed(message(object, 'Progressing', 'ProgressDeadlineExceeded'));
  const updated = number(object, 'status', updatedField) ?? 0;
  const available = number(object, 'status', availableField) ?? 0;
  const total = number(object, 'status', 'replicas') ?? updated;
  if (updated >= wanted && available >= wanted && total <= wanted) return ready;
  return waiting(
    `${updated} of ${wanted} updated, ${available} available${total > wanted ? `, ${total - wanted} old ones left` : ''}`,
  );
}

/** What holds up the pods of a workload, if waiting will not cure it: a crash loop, an image that cannot be had, a missing key of a secret. */
export function podTrouble(pods: readonly KubeObject[]): string | undefined {
  for (const pod of pods) {
    const statuses = [
      fieldOf(pod, 'status', 'initContainerStatuses'),
      fieldOf(pod, 'status', 'containerStatuses'),
    ].flat();
    for (const status of statuses) {
      const reason = fieldOf(status, 'state', 'waiting', 'reason');
      if (typeof reason === 'string' && hopeless.has(reason))
        return `${pod.metadata.name}: ${reason}${withColon(fieldOf(status, 'state', 'waiting', 'message'))}`;
    }
  }
  return undefined;
}

/** Why pods have no node; it may pass when the autoscaler has made one, so that it is told and not acted upon. */
export function unschedulable(pods: readonly KubeObject[]): string | undefined {
  for (const pod of pods) {
    const text = message(pod, 'PodScheduled', 'Unschedulable');
    if (text !== '') return `${pod.metadata.name} has no node: ${text}`;
  }
  return undefined;
}

const hopeless: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

function conditionsOf(object: KubeObject): readonly unknown[] {
  const conditions = fieldOf(object, 'status', 'conditions');
  return Array.isArray(conditions) ? conditions : [];
}

function condition(object: KubeObject, type: string): unknown {
  return fieldOf(
    conditionsOf(object).find((one) => fieldOf(one, 'type') === type),
    'status',
  );
}

/** The message of a condition, with a reason if one is asked for; empty where it does not stand. */
function message(object: KubeObject, type: string, reason?: string): string {
  const found = conditionsOf(object).find(
    (one) => fieldOf(one, 'type') === type && (reason === undefined || fieldOf(one, 'reason') === reason),
  );
  const text = fieldOf(found, 'message');
  return typeof text === 'string' && text !== '' ? text : found === undefined ? '' : (reason ?? type);
}

function number(object: KubeObject, ...path: readonly string[]): number | undefined {
  const value = fieldOf(object, ...path);
  return typeof value === 'number' ? value : undefined;
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function withColon(text: unknown): string {
  return typeof text === 'string' && text !== '' ? `: ${text}` : '';
}

function waiting(says: string): Readiness {
  return { is: 'waiting', says };
}

function failed(says: string): Readiness {
  return { is: 'failed', says };
}
