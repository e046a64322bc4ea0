import {
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
  type V1Deployment,
} from '@kubernetes/client-node';
import {
  deletionCostAnnotation,
  restartedAtAnnotation,
  runIdAnnotation,
} from '../../responders/adapters/kubernetes/objects.ts';
import type { LabWrite } from '../platform.ts';
import type { LabApi } from './api.ts';

/** Changes of Kubernetes objects that bear a run id, as the API server shows them to anyone who watches. */
export interface WriteLog {
  readonly writes: readonly LabWrite[];
  record(write: Omit<LabWrite, 'atMs'>): void;
  close(): Promise<void>;
}

/** Watches Deployments and pods: what was really changed, whatever the one who changed it believes. */
export async function watchWrites(
  api: LabApi,
  namespace: string,
  onError: (error: unknown) => void,
): Promise<WriteLog> {
  const writes: LabWrite[] = [];
  const record = (write: Omit<LabWrite, 'atMs'>) => void writes.push({ ...write, atMs: Date.now() });
  let closed = false;
  const watch = async <T extends KubernetesObject>(
    path: string,
    list: () => Promise<KubernetesListObject<T>>,
    changed: (before: T, after: T, runId: string) => void,
  ) => {
    const last = new Map<string, T>();
    const nameOf = (object: T) => object.metadata?.name ?? '';
    const informer = makeInformer<T>(api.config, path, list);
    informer.on('add', (object) => void last.set(nameOf(object), object));
    informer.on('delete', (object) => void last.delete(nameOf(object)));
    informer.on('update', (object) => {
      const before = last.get(nameOf(object));
      last.set(nameOf(object), object);
      const runId = object.metadata?.annotations?.[runIdAnnotation];
      if (before !== undefined && runId !== undefined) changed(before, object, runId);
    });
    informer.on('error', (error) => {
      if (closed) return;
      onError(error);
      setTimeout(() => void (closed || informer.start().catch(onError)), 500).unref();
    });
    await informer.start();
    return informer;
  };
  const deployments = await watch<V1Deployment>(
    `/apis/apps/v1/namespaces/${namespace}/deployments`,
    () => api.apps.listNamespacedDeployment({ namespace }),
    (before, after, runId) => {
      const target = after.metadata?.name ?? '';
      const replicas = after.spec?.replicas;
      if (replicas !== undefined && replicas !== before.spec?.replicas)
        record({ verb: 'scale', target, value: replicas, runId });
      const image = imageOf(after);
      if (image !== undefined && image !== imageOf(before)) record({ verb: 'setImage', target, value: image, runId });
      const restarted = restartedAt(after);
      if (restarted !== undefined && restarted !== restartedAt(before))
        record({ verb: 'restart', target, value: restarted, runId });
    },
  );
  const pods = await watch(
    `/api/v1/namespaces/${namespace}/pods`,
    () => api.core.listNamespacedPod({ namespace }),
    (before, after, runId) => {
      const cost = after.metadata?.annotations?.[deletionCostAnnotation];
      if (cost === before.metadata?.annotations?.[deletionCostAnnotation]) return;
      const value = cost === undefined ? null : Number(cost);
      record({ verb: 'setDeletionCost', target: after.metadata?.name ?? '', value, runId });
    },
  );
  return {
    writes,
    record,
    async close() {
      closed = true;
      await Promise.all([deployments.stop(), pods.stop()]);
    },
  };
}

function imageOf(deployment: V1Deployment): string | undefined {
  return deployment.spec?.template.spec?.containers[0]?.image;
}

function restartedAt(deployment: V1Deployment): string | undefined {
  return deployment.spec?.template.metadata?.annotations?.[restartedAtAnnotation];
}
