import type { KubernetesObject } from '../../manifests/objects/object.ts';

const kinds = ['APIService', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];

/** Whether an object sends the API server's own calls to a pod: no pod of the lab answers, so that it is tried and not kept there. */
export function answersTheApiServer({ kind }: Pick<KubernetesObject, 'kind'>): boolean {
  return kinds.includes(kind);
}
