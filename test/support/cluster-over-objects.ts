import { z } from 'zod';
import type { MemoryObjects } from '../../lab/fakes/memory-objects.ts';
import type { Cluster, Deployment, KubeObject } from '../../responders/ports.ts';
import { deploymentOf, nowMs, podOf } from './situation.ts';

const Shape = z.object({
  metadata: z.object({
    name: z.string(),
    resourceVersion: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    replicas: z.number(),
    template: z.object({ metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }) }),
  }),
});
const restartedAt = 'kubectl.kubernetes.io/restartedAt';
const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };

/** A Deployment whose pods run `image`. */
export function deploymentObject(name: string, image: string, replicas = 3): KubeObject {
  return {
    ...kind,
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: {} },
        spec: {
          containers: [
            { name, image, resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '1Gi' } } },
          ],
        },
      },
    },
  };
}

/** The Cluster port over the very objects that the Objects port changes; every pod that is wanted is there and well. */
export function clusterOverObjects(objects: MemoryObjects): Cluster & { readonly restarts: ReadonlySet<string> } {
  const restarts = new Set<string>();
  const show = (object: KubeObject): Deployment => {
    const { metadata, spec } = Shape.parse(object);
    const autoscaler = objects
      .all()
      .find((one) => one.kind === 'HorizontalPodAutoscaler' || one.kind === 'ScaledObject');
    return deploymentOf(metadata.name, spec.replicas, {
      resourceVersion: metadata.resourceVersion,
      runId: metadata.annotations['gomeet.dev/run-id'],
      restartedAt: spec.template.metadata.annotations[restartedAt],
      autoscaler:
        autoscaler === undefined
          ? undefined
          : {
              kind: 'ScaledObject',
              name: autoscaler.metadata.name,
              minReplicas: 1,
              maxReplicas: 10,
              desiredReplicas: 2,
              resourceVersion: '1',
              runId: undefined,
            },
    });
  };
  const deployments = () =>
    objects
      .all()
      .filter((one) => one.kind === kind.kind)
      .map(show);
  return {
    restarts,
    async read() {
      const all = deployments();
      const pods = all.flatMap(({ name, replicas }) =>
        Array.from({ length: replicas }, (_none, at) => podOf(name, at, { createdAtMs: nowMs - 3_600_000 })),
      );
      return { deployments: all, pods, readyNodes: [] };
    },
    deployment: async (name) => deployments().find((one) => one.name === name),
    async scale({ deployment: name, replicas, resourceVersion, runId }) {
      await objects.patch({ ...kind, name }, { spec: { replicas } }, { runId, resourceVersion });
    },
    async setFloor() {
      throw new Error('nothing here has a floor');
    },
    async restart({ deployment: name, restartedAt: at, resourceVersion, runId }) {
      // Another moment is another restart of every pod; the same one is none.
      restarts.add(`${name} ${at}`);
      const template = { metadata: { annotations: { [restartedAt]: at } } };
      await objects.patch({ ...kind, name }, { spec: { template } }, { runId, resourceVersion });
    },
    setDeletionCost: async () => undefined,
    evidence: async () => ({ events: [], logLines: [], rollouts: [] }),
  };
}
