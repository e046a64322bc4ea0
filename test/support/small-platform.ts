import type { KubeObject, ObjectFile } from '../../deploy/kube/object.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';

const metadata = (name: string) => ({ name, namespace, labels: { app: name } });

/** A Deployment whose pods KWOK runs. */
export function deployment(
  name: string,
  change: { replicas?: number; image?: string; secretKey?: string } = {},
): KubeObject {
  const { replicas = 1, image = `${name}:1`, secretKey } = change;
  const env =
    secretKey === undefined
      ? []
      : [{ name: secretKey, valueFrom: { secretKeyRef: { name: 'gomeet-secrets', key: secretKey } } }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(name),
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { automountServiceAccountToken: false, containers: [{ name, image, args: ['serve'], env }] },
      },
    },
  };
}

/** An autoscaler of a Deployment. */
export function autoscaler(name: string, bounds: { min: number; max: number }): KubeObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadata(`${name}-hpa`),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: bounds.min,
      maxReplicas: bounds.max,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
    },
  };
}

/** A ConfigMap. */
export function configMap(name: string, value: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data: { value } };
}

/** A Service. */
export function service(name: string, type: 'ClusterIP' | 'LoadBalancer' = 'ClusterIP'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(name),
    spec: { type, selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] },
  };
}

/** Lets one app talk to another: `from` is a field that typed clients rename. */
export function networkPolicy(name: string, from: string): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(name),
    spec: {
      podSelector: { matchLabels: { app: name } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: { matchLabels: { app: from } } }] }],
    },
  };
}

/** A platform with something in each phase, under the README's file names; `light`: pods in one phase alone, since they take a second to be ready. */
export function smallPlatform(
  change: { image?: string; value?: string; extra?: readonly KubeObject[]; light?: boolean } = {},
): readonly ObjectFile[] {
  const { image = 'auth-service:1', value = 'one', extra = [], light = false } = change;
  const workload = (name: string) => (light ? configMap(name, value) : deployment(name));
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadata('gomeet-secrets'),
    stringData: { JWT_SECRET: '' },
  };
  const labels = { name: namespace };
  return [
    {
      path: 'namespace.yaml',
      objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }],
    },
    { path: 'configmaps.yaml', objects: [configMap('api-config', value), ...extra] },
    { path: 'secrets.yaml', objects: [secret] },
    { path: 'postgres-config.yaml', objects: [workload('pgbouncer-do')] },
    {
      path: 'api-services.yaml',
      objects: [deployment('auth-service', { replicas: 2, image, secretKey: 'JWT_SECRET' }), service('auth-service')],
    },
    { path: 'traefik-gateway.yaml', objects: [workload('traefik')] },
    { path: 'monitoring.yaml', objects: [workload('responder')] },
    { path: 'hpa.yaml', objects: [autoscaler('auth-service', { min: 2, max: 6 })] },
    { path: 'network-policies.yaml', objects: [networkPolicy('auth-service', 'traefik')] },
  ];
}
