import {
  ApiException,
  ApiregistrationV1Api,
  AppsV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
} from '@kubernetes/client-node';

/** The API server as the lab's own hands use it, as administrator; what is under test has clients and rights of its own. */
export interface LabApi {
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly autoscaling: AutoscalingV2Api;
  readonly rbac: RbacAuthorizationV1Api;
  /** Registered APIs that other processes serve. */
  readonly apis: ApiregistrationV1Api;
  readonly objects: KubernetesObjectApi;
}

/** Connects by a kubeconfig file. */
export function connectApi(kubeconfig: string): LabApi {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return {
    config,
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    autoscaling: config.makeApiClient(AutoscalingV2Api),
    rbac: config.makeApiClient(RbacAuthorizationV1Api),
    apis: config.makeApiClient(ApiregistrationV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
  };
}

/** Creates objects in turn; one that is there already stays as it is. */
export async function createAll(api: LabApi, objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) await unlessStatus(409, api.objects.create(object));
}

/** A token of a service account, which is made when it is not there; valid for an hour. */
export async function serviceAccountToken(api: LabApi, account: { namespace: string; name: string }): Promise<string> {
  const { namespace, name } = account;
  await createAll(api, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
  ]);
  const request = { spec: { audiences: [], expirationSeconds: 3_600 } };
  const answer = await api.core.createNamespacedServiceAccountToken({ name, namespace, body: request });
  const token = answer.status?.token;
  if (token === undefined) throw new Error(`no token for ${namespace}/${name}`);
  return token;
}

/** Sets or, with null, removes annotations of a pod; a pod that is gone is left alone. */
export async function annotatePod(
  api: LabApi,
  pod: { namespace: string; name: string },
  annotations: Readonly<Record<string, string | null>>,
): Promise<void> {
  const options = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  await unlessStatus(404, api.core.patchNamespacedPod({ ...pod, body: { metadata: { annotations } } }, options));
}

/** Awaits a call; undefined when the API server answers with that status. */
export async function unlessStatus<T>(status: number, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiException && error.code === status) return undefined;
    throw error;
  }
}
