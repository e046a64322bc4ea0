import { workloads } from '../../manifests/catalogue/index.ts';
import type { KubeObject } from '../ports.ts';

/** What of a namespace is backed up. Secrets are not: `gomeet secrets setup` makes them anew, and no backup can lose them. */
export const backedUpKinds: readonly { readonly apiVersion: string; readonly kind: string }[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  { apiVersion: 'v1', kind: 'ResourceQuota' },
  { apiVersion: 'v1', kind: 'LimitRange' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'traefik.io/v1alpha1', kind: 'IngressRoute' },
  { apiVersion: 'traefik.io/v1alpha1', kind: 'IngressRouteTCP' },
  { apiVersion: 'traefik.io/v1alpha1', kind: 'IngressRouteUDP' },
  { apiVersion: 'traefik.io/v1alpha1', kind: 'Middleware' },
  { apiVersion: 'traefik.io/v1alpha1', kind: 'TLSOption' },
  { apiVersion: 'cert-manager.io/v1', kind: 'Certificate' },
  { apiVersion: 'cert-manager.io/v1', kind: 'Issuer' },
  { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule' },
];

/** Made by the cluster itself in every namespace. */
const ofTheCluster = new Set(['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default']);

/** Whether an object is worth a line: what another object makes and keeps is not. */
export function isOwn(object: KubeObject): boolean {
  const owners = 'ownerReferences' in object.metadata ? object.metadata['ownerReferences'] : undefined;
  return !ofTheCluster.has(`${object.kind}/${object.metadata.name}`) && !(Array.isArray(owners) && owners.length > 0);
}

const keptAnnotations = (annotations: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(annotations).filter(
      ([name]) =>
        ![
          'kubectl.kubernetes.io/last-applied-configuration',
          'deployment.kubernetes.io/revision',
          'gomeet.dev/run-id',
        ].includes(name) &&
        !name.startsWith('pv.kubernetes.io/') &&
        !name.startsWith('volume.'),
    ),
  );

/** An object as it can be applied anywhere: without what the cluster it came from had filled in. */
export function portable(object: KubeObject): KubeObject {
  const { status: _status, metadata, ...rest } = object;
  const annotations = keptAnnotations(metadata.annotations);
  const plain: KubeObject = {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name: metadata.name,
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
  };
  if (object.kind === 'ServiceAccount') return without(plain, 'secrets', 'imagePullSecrets');
  if (object.kind === 'PersistentVolumeClaim') return withSpec(plain, (spec) => omit(spec, 'volumeName'));
  if (object.kind !== 'Service') return plain;
  return withSpec(plain, (spec) => ({
    ...omit(spec, 'clusterIP', 'clusterIPs', 'healthCheckNodePort', 'ipFamilies', 'ipFamilyPolicy'),
    ...(spec['clusterIP'] === 'None' ? { clusterIP: 'None' } : {}),
    ports: list(spec['ports']).map((port) => omit(record(port), 'nodePort')),
  }));
}

/** Kinds that must not act from a test: they would take the product's name, its load balancers, its money or its data. */
const actingKinds = new Set([
  'CronJob',
  'HorizontalPodAutoscaler',
  'ScaledObject',
  'Ingress',
  'IngressRoute',
  'IngressRouteTCP',
  'IngressRouteUDP',
  'Certificate',
  'Issuer',
  'DaemonSet',
  'ResourceQuota',
  'PodDisruptionBudget',
]);
const tried: ReadonlySet<string> = new Set(
  workloads.filter(({ kind, owner }) => kind === 'Deployment' && owner === 'api').map(({ name }) => name),
);

/** An object as a recovery test may have it beside production: one replica of each API service, none of what acts, no load balancer. Undefined for what is left out. */
export function forTest(object: KubeObject): KubeObject | undefined {
  if (actingKinds.has(object.kind)) return undefined;
  if (object.kind === 'Deployment' || object.kind === 'StatefulSet')
    return withSpec(object, (spec) => ({ ...spec, replicas: tried.has(object.metadata.name) ? 1 : 0 }));
  if (object.kind === 'Service')
    return withSpec(object, (spec) =>
      spec['type'] === 'LoadBalancer' || spec['type'] === 'NodePort'
        ? {
            ...omit(spec, 'externalTrafficPolicy', 'loadBalancerClass', 'allocateLoadBalancerNodePorts'),
            type: 'ClusterIP',
          }
        : spec,
    );
  if (object.kind === 'RoleBinding') return undefined;
  return object;
}

type Fields = Readonly<Record<string, unknown>>;

function withSpec(object: KubeObject, change: (spec: Fields) => Fields): KubeObject {
  return { ...object, spec: change(record(object['spec'])) };
}

function without(object: KubeObject, ...names: readonly string[]): KubeObject {
  return { ...omit(object, ...names), apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
}

function omit(fields: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
