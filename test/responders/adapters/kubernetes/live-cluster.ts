import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiextensionsV1Api,
  AppsV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  RbacAuthorizationV1Api,
  type V1Pod,
} from '@kubernetes/client-node';
import type { PolicyRule } from '../../../../responders/act/define.ts';
import { patienceMs } from '../../../support/patience.ts';

/** Objects on a real API server, made past the adapter under test. */
export interface Fixtures {
  readonly namespace: string;
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  readonly autoscaling: AutoscalingV2Api;
  readonly custom: CustomObjectsApi;
  readonly rbac: RbacAuthorizationV1Api;
  addDeployment(name: string, replicas: number): Promise<void>;
  /** A pod as the ReplicaSet of that Deployment would make it; returns its name. */
  addPod(deployment: string, suffix: string): Promise<string>;
  addHpa(deployment: string, bounds: { min: number; max: number }): Promise<void>;
  addScaledObject(deployment: string, bounds: { min: number; max: number }): Promise<void>;
}

/** A fresh namespace with the adapter's objects in it. */
export async function createFixtures(kubeconfig: string): Promise<Fixtures> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  const autoscaling = config.makeApiClient(AutoscalingV2Api);
  const custom = config.makeApiClient(CustomObjectsApi);
  const namespace = `t-${randomUUID().slice(0, 8)}`;
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  await core
    .createNamespacedServiceAccount({ namespace, body: { metadata: { name: 'default' } } })
    .catch(() => undefined);
  return {
    namespace,
    apps,
    core,
    autoscaling,
    custom,
    rbac: config.makeApiClient(RbacAuthorizationV1Api),
    async addDeployment(name, replicas) {
      await apps.createNamespacedDeployment({
        namespace,
        body: {
          metadata: { name },
          spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name) },
        },
      });
    },
    async addPod(deployment, suffix) {
      const hash = '6d4b75cb6d';
      const pod = podOf(deployment, hash, suffix);
      await core.createNamespacedPod({ namespace, body: pod });
      return pod.metadata?.name ?? '';
    },
    async addHpa(deployment, { min, max }) {
      const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment };
      await autoscaling.createNamespacedHorizontalPodAutoscaler({
        namespace,
        body: { metadata: { name: deployment }, spec: { scaleTargetRef, minReplicas: min, maxReplicas: max } },
      });
    },
    async addScaledObject(deployment, { min, max }) {
      await ensureScaledObjects(config.makeApiClient(ApiextensionsV1Api));
      const body = {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name: deployment },
        spec: { scaleTargetRef: { name: deployment }, minReplicaCount: min, maxReplicaCount: max },
      };
      await eventually(() =>
        custom.createNamespacedCustomObject({
          group: 'keda.sh',
          version: 'v1alpha1',
          plural: 'scaledobjects',
          namespace,
          body,
        }),
      );
    },
  };
}

function template(name: string) {
  return { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: `${name}:1` }] } };
}

function podOf(deployment: string, hash: string, suffix: string): V1Pod {
  const replicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: `${deployment}-${hash}`,
    uid: randomUUID(),
    controller: true,
  };
  return {
    metadata: {
      name: `${deployment}-${hash}-${suffix}`,
      labels: { app: deployment, 'pod-template-hash': hash },
      ownerReferences: [replicaSet],
    },
    spec: { automountServiceAccountToken: false, containers: [{ name: deployment, image: `${deployment}:1` }] },
  };
}

// The properties that the adapter writes are declared; the rest of KEDA's schema does not matter here.
async function ensureScaledObjects(extensions: ApiextensionsV1Api): Promise<void> {
  const schema = {
    type: 'object',
    properties: {
      spec: { type: 'object', x_kubernetes_preserve_unknown_fields: true },
      status: { type: 'object', x_kubernetes_preserve_unknown_fields: true },
    },
  };
  const body = {
    metadata: { name: 'scaledobjects.keda.sh' },
    spec: {
      group: 'keda.sh',
      scope: 'Namespaced',
      names: { plural: 'scaledobjects', singular: 'scaledobject', kind: 'ScaledObject' },
      versions: [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
  await extensions.createCustomResourceDefinition({ body }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 409)) throw error;
  });
}

/** Repeats until it goes through: a new CRD is served a moment after it was accepted. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Grants a user of the token file, or a service account, exactly these rules. */
export async function grant(
  fixtures: Fixtures,
  subject: { kind: 'User' | 'ServiceAccount'; name: string },
  rules: readonly PolicyRule[],
  clusterRules: readonly PolicyRule[],
): Promise<void> {
  const { namespace, rbac } = fixtures;
  const name = `r-${randomUUID().slice(0, 8)}`;
  const group = 'rbac.authorization.k8s.io';
  const subjects = [subject.kind === 'ServiceAccount' ? { ...subject, namespace } : { ...subject, apiGroup: group }];
  await rbac.createNamespacedRole({ namespace, body: { metadata: { name }, rules: rules.map(writable) } });
  await rbac.createNamespacedRoleBinding({
    namespace,
    body: { metadata: { name }, subjects, roleRef: { apiGroup: group, kind: 'Role', name } },
  });
  await rbac.createClusterRole({ body: { metadata: { name }, rules: clusterRules.map(writable) } });
  await rbac.createClusterRoleBinding({
    body: { metadata: { name }, subjects, roleRef: { apiGroup: group, kind: 'ClusterRole', name } },
  });
}

function writable(rule: PolicyRule) {
  const { apiGroups, resources, verbs, resourceNames } = rule;
  return {
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
    ...(resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }),
  };
}

/** A kubeconfig like the one given, with another address or another token. */
export function kubeconfigWith(path: string, change: { server?: string; token?: string }): string {
  const config = new KubeConfig();
  config.loadFromFile(path);
  const cluster = config.getCurrentCluster();
  const token = change.token ?? config.getCurrentUser()?.token;
  const server = change.server ?? cluster?.server ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'gomeet-kubeconfig-'));
  const file = join(folder, 'config');
  const text = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(file, JSON.stringify(text), { mode: 0o600 });
  return file;
}
