import type { KubeObject } from './object.ts';

const serverMetadata: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
  'ownerReferences',
]);
const serverAnnotations: ReadonlySet<string> = new Set([
  'deployment.kubernetes.io/revision',
  'kubectl.kubernetes.io/last-applied-configuration',
]);
/** What the API server allots to a Service and keeps for it. */
const allotted: ReadonlySet<string> = new Set(['clusterIP', 'clusterIPs', 'healthCheckNodePort', 'ipFamilies']);

/** An object without what the API server and controllers put in: what is left can be compared, kept, and applied again. */
export function clean(object: KubeObject): KubeObject {
  const { status: _status, metadata, ...rest } = object;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) => !serverAnnotations.has(name));
  const kept = Object.entries(metadata).filter(([name]) => !serverMetadata.has(name) && name !== 'annotations');
  return {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...Object.fromEntries(kept),
      name: metadata.name,
      ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    },
    ...(object.kind === 'Service' ? { spec: withoutAllotted(object['spec']) } : {}),
  };
}

function withoutAllotted(spec: unknown): unknown {
  if (typeof spec !== 'object' || spec === null) return spec;
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !allotted.has(name)));
}
