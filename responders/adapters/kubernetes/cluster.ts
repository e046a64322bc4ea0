import type { z } from 'zod';
import { PortError } from '../../../kernel/errors.ts';
import type { Autoscaler, Cluster, ClusterState, Deployment, Evidence } from '../../ports.ts';
import { createKubernetesClient, type KubernetesClient, type KubernetesOptions } from './client.ts';
import { readEvidence, rolloutsOf } from './evidence.ts';
import { listAll } from './list.ts';
import {
  autoscalersByDeployment,
  deletionCostAnnotation,
  fromHpa,
  fromScaledObject,
  isOver,
  readyNodes,
  restartedAtAnnotation,
  runIdAnnotation,
  ScaledObject,
  ScaledObjectList,
  toDeployment,
  toPod,
} from './objects.ts';

const keda = { group: 'keda.sh', version: 'v1alpha1', plural: 'scaledobjects' };

/**
 * Kubernetes behind the Cluster port. A write is one merge patch: the wanted value, the run id, and the resourceVersion it was decided on, so that it
 * takes effect as a whole or fails with a conflict. Replicas are patched on the Deployment and not on its /scale, which cannot carry the run id: with
 * two writes a crash between them would leave an effect that nobody recognises.
 */
export class KubernetesCluster implements Cluster {
  private readonly client: KubernetesClient;

  constructor(client: KubernetesClient) {
    this.client = client;
  }

  /** Everything by list calls: an answer is as old as the call, never as old as a watch that broke. */
  async read(): Promise<ClusterState> {
    const { client } = this;
    const namespace = client.namespace;
    const [deployments, pods, nodes, replicaSets, autoscalers] = await Promise.all([
      listAll((page) =>
        client.read((options) => client.apps.listNamespacedDeployment({ namespace, ...page }, options)),
      ),
      listAll((page) => client.read((options) => client.core.listNamespacedPod({ namespace, ...page }, options))),
      listAll((page) => client.read((options) => client.core.listNode(page, options))),
      // Only for what a rollout left behind: without the right to them everything else is still true.
      orUndefined(
        listAll((page) =>
          client.read((options) => client.apps.listNamespacedReplicaSet({ namespace, ...page }, options)),
        ),
      ),
      this.autoscalers(),
    ]);
    return {
      deployments: deployments.map((one) => ({
        ...toDeployment(one, autoscalers.get(one.metadata?.name ?? '')),
        ...(replicaSets === undefined ? {} : { rollouts: rolloutsOf(one.metadata?.name ?? '', replicaSets) }),
      })),
      pods: pods.filter((one) => !isOver(one)).map(toPod),
      readyNodes: readyNodes(nodes),
    };
  }

  async deployment(name: string): Promise<Deployment | undefined> {
    const { client } = this;
    const [found, autoscalers] = await Promise.all([
      orUndefined(
        client.read((options) => client.apps.readNamespacedDeployment({ name, namespace: client.namespace }, options)),
      ),
      this.autoscalers(),
    ]);
    return found === undefined ? undefined : toDeployment(found, autoscalers.get(name));
  }

  async scale(change: { deployment: string; replicas: number; resourceVersion: string; runId: string }): Promise<void> {
    const body = { ...stamped(change), spec: { replicas: change.replicas } };
    await this.patchDeployment(
      change.deployment,
      body,
      (now) => now.runId === change.runId && now.replicas === change.replicas,
    );
  }

  async restart(change: {
    deployment: string;
    restartedAt: string;
    resourceVersion: string;
    runId: string;
  }): Promise<void> {
    const template = { metadata: { annotations: { [restartedAtAnnotation]: change.restartedAt } } };
    const body = { ...stamped(change), spec: { template } };
    await this.patchDeployment(
      change.deployment,
      body,
      (now) => now.runId === change.runId && now.restartedAt === change.restartedAt,
    );
  }

  async setFloor(change: { autoscaler: Autoscaler; minReplicas: number; runId: string }): Promise<void> {
    const { client } = this;
    const { name, kind, resourceVersion } = change.autoscaler;
    const at = { name, namespace: client.namespace };
    const head = stamped({ resourceVersion, runId: change.runId });
    const patch =
      kind === 'HorizontalPodAutoscaler'
        ? client.patch((options) =>
            client.autoscaling.patchNamespacedHorizontalPodAutoscaler(
              { ...at, body: { ...head, spec: { minReplicas: change.minReplicas } } },
              options,
            ),
          )
        : client.patch((options) =>
            client.custom.patchNamespacedCustomObject(
              { ...keda, ...at, body: { ...head, spec: { minReplicaCount: change.minReplicas } } },
              options,
            ),
          );
    await unlessDone(patch, async () => {
      const now = await this.autoscaler(kind, name);
      return now.runId === change.runId && now.minReplicas === change.minReplicas;
    });
  }

  /** Without a resourceVersion: the value is absolute, nobody else sets it, and a pod's version changes with every probe. */
  async setDeletionCost(change: { pod: string; cost: number | null; runId: string }): Promise<void> {
    const { client } = this;
    const annotations = {
      [deletionCostAnnotation]: change.cost === null ? null : String(change.cost),
      [runIdAnnotation]: change.runId,
    };
    const body = { metadata: { annotations } };
    const patch = client.patch((options) =>
      client.core.patchNamespacedPod({ name: change.pod, namespace: client.namespace, body }, options),
    );
    if (change.cost === null) await orUndefined(patch);
    else await patch;
  }

  evidence(workload: string): Promise<Evidence> {
    return readEvidence(this.client, workload);
  }

  private async patchDeployment(name: string, body: object, isDone: (now: Deployment) => boolean): Promise<void> {
    const { client } = this;
    const at = { name, namespace: client.namespace };
    await unlessDone(
      client.patch((options) => client.apps.patchNamespacedDeployment({ ...at, body }, options)),
      async () =>
        isDone(
          toDeployment(await client.read((options) => client.apps.readNamespacedDeployment(at, options)), undefined),
        ),
    );
  }

  private async autoscalers(): Promise<ReadonlyMap<string, Autoscaler>> {
    const { client } = this;
    const namespace = client.namespace;
    const [hpas, scaledObjects] = await Promise.all([
      listAll((page) =>
        client.read((options) =>
          client.autoscaling.listNamespacedHorizontalPodAutoscaler({ namespace, ...page }, options),
        ),
      ),
      // A cluster without KEDA does not know the path: that is an answer, not a failure.
      orUndefined(client.read((options) => client.custom.listNamespacedCustomObject({ ...keda, namespace }, options))),
    ]);
    return autoscalersByDeployment(
      hpas,
      scaledObjects === undefined ? [] : understood(ScaledObjectList, scaledObjects).items,
    );
  }

  private async autoscaler(kind: Autoscaler['kind'], name: string): Promise<Autoscaler> {
    const { client } = this;
    const at = { name, namespace: client.namespace };
    if (kind === 'HorizontalPodAutoscaler') {
      return fromHpa(
        await client.read((options) => client.autoscaling.readNamespacedHorizontalPodAutoscaler(at, options)),
      );
    }
    const object: unknown = await client.read((options) =>
      client.custom.getNamespacedCustomObject({ ...keda, ...at }, options),
    );
    return fromScaledObject(understood(ScaledObject, object), undefined);
  }
}

/** The live Cluster port. */
export function createKubernetesCluster(options: KubernetesOptions): KubernetesCluster {
  return new KubernetesCluster(createKubernetesClient(options));
}

function stamped({ resourceVersion, runId }: { resourceVersion: string; runId: string }) {
  return { metadata: { resourceVersion, annotations: { [runIdAnnotation]: runId } } };
}

function understood<T>(schema: z.ZodType<T>, object: unknown): T {
  const parsed = schema.safeParse(object);
  if (!parsed.success)
    throw new PortError(
      'kubernetes',
      'invalid',
      `unexpected ScaledObject: ${parsed.error.issues[0]?.path.join('.') ?? ''}`,
    );
  return parsed.data;
}

// A conflict may be with ourselves: the first try took effect and only its answer was lost. The run id and the value beside it tell.
async function unlessDone(patch: Promise<unknown>, isDone: () => Promise<boolean>): Promise<void> {
  try {
    await patch;
  } catch (error) {
    if (error instanceof PortError && error.code === 'conflict' && (await isDone())) return;
    throw error;
  }
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PortError && error.code === 'not-found') return undefined;
    throw error;
  }
}
