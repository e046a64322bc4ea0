import { PortError } from '../../kernel/errors.ts';
import type { Objects } from '../ports.ts';
import { DeploymentShape, mainImage, ReplicaSetShape, type Template } from './shapes.ts';

/** The Deployment, as it stands now; throws a PortError (not-found) when there is none. */
export async function findDeployment(objects: Objects, name: string): Promise<DeploymentShape> {
  const found = await objects.get({ apiVersion: 'apps/v1', kind: 'Deployment', name });
  if (found === undefined) throw new PortError('kubernetes', 'not-found', `there is no Deployment ${name}`);
  return DeploymentShape.parse(found);
}

/** A past version of a Deployment. */
export interface Revision {
  readonly revision: number;
  readonly image: string;
  readonly atMs: number;
  readonly replicas: number;
  readonly template: Template;
}

/** Every revision that Kubernetes still has, newest first. */
export async function revisionsOf(objects: Objects, name: string): Promise<readonly Revision[]> {
  const all = await objects.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet' });
  return all
    .map((object) => ReplicaSetShape.parse(object))
    .filter(({ metadata }) =>
      metadata.ownerReferences.some((owner) => owner.kind === 'Deployment' && owner.name === name),
    )
    .map(({ metadata, spec }) => ({
      revision: Number(metadata.annotations['deployment.kubernetes.io/revision'] ?? 0),
      image: mainImage(spec.template, name),
      atMs: Date.parse(metadata.creationTimestamp ?? '') || 0,
      replicas: spec.replicas,
      template: spec.template,
    }))
    .sort((a, b) => b.revision - a.revision);
}
