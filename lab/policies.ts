import { renderEnvironment } from '../manifests/render.ts';

/** A policy, whichever client it is given to. */
type Policy = { apiVersion: string; kind: string; metadata: { name: string; namespace: string }; spec: object };

/** Production's network policies in the platform's own namespace, which a lockdown narrows, as a deployment applies them. */
export function platformPolicies(namespace: string): Policy[] {
  const objects = renderEnvironment('production').flatMap((file) => file.objects);
  const policies = objects.filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === namespace);
  return JSON.parse(JSON.stringify(policies));
}
