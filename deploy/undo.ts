import { fieldOf, isMap, type KubeObject } from './kube/object.ts';
import type { Kube } from './kube/port.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** How an undo of one Deployment went. */
export interface Undone {
  readonly name: string;
  readonly done: boolean;
  readonly says: string;
}

/** `kubectl rollout undo`: the pod template of the revision before, once; refused where somebody changes it at the same time. */
export async function undoRollout(kube: Kube, namespace: string, name: string): Promise<Undone> {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name };
  const [object, replicaSets] = await Promise.all([
    kube.get(ref),
    kube.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace }),
  ]);
  if (object === undefined) return { name, done: false, says: 'there is no such Deployment' };
  const current = revisionOf(object);
  const own = replicaSets
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some((owner) => owner.kind === 'Deployment' && owner.name === name),
    )
    .filter((one) => revisionOf(one) < current)
    .sort((a, b) => revisionOf(b) - revisionOf(a));
  const [before] = own;
  const template = before === undefined ? undefined : templateOf(before);
  if (before === undefined || template === undefined)
    return { name, done: false, says: `revision ${current} has none before it` };
  await kube.setField(ref, '/spec/template', template, object.metadata.resourceVersion ?? '');
  return { name, done: true, says: `revision ${current} -> the template of ${revisionOf(before)}` };
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[revisionAnnotation] ?? 0);
}

/** The template without the label that the controller put in. */
function templateOf(replicaSet: KubeObject): object | undefined {
  const template = fieldOf(replicaSet, 'spec', 'template');
  if (!isMap(template) || !isMap(template['metadata'])) return undefined;
  const labels = isMap(template['metadata']['labels']) ? template['metadata']['labels'] : {};
  const { 'pod-template-hash': _hash, ...kept } = labels;
  return { ...template, metadata: { ...template['metadata'], labels: kept } };
}
