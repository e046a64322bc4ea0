import type { V1Pod } from '@kubernetes/client-node';
import { UsageError } from '../../kernel/errors.ts';
import { annotatePod } from './api.ts';
import { crashAnnotation } from './stages.ts';
import type { RealWorld } from './world.ts';

/** Services whose pods start and die. */
export interface Crashes {
  start(workload: string, options: { curedByRestart: boolean }): Promise<void>;
  /** Rolls out an image whose pods crash, however often they are restarted. */
  release(workload: string, image: string): Promise<void>;
  cure(workload: string): Promise<void>;
  close(): void;
}

const templateOf = (pod: V1Pod | undefined) => pod?.metadata?.labels?.['pod-template-hash'];

/** Makes pods crash, those that a rollout brings too unless it cures them. */
export function stageCrashes(world: RealWorld, onError: (error: unknown) => void): Crashes {
  const { api, namespace } = world;
  /** Which pods of a workload are sick. */
  const sick = new Map<string, (pod: V1Pod) => boolean>();
  const podsOf = async (workload: string) =>
    (await api.core.listNamespacedPod({ namespace, labelSelector: `app=${workload}` })).items;
  const spread = async (workload: string) => {
    const isSick = sick.get(workload);
    for (const pod of await podsOf(workload)) {
      const { name, annotations } = pod.metadata ?? {};
      if (isSick?.(pod) && name !== undefined && annotations?.[crashAnnotation] === undefined)
        await annotatePod(api, { namespace, name }, { [crashAnnotation]: 'true' });
    }
  };
  const timer = setInterval(() => {
    for (const workload of sick.keys()) void spread(workload).catch(onError);
  }, 200);
  return {
    async start(workload, { curedByRestart }) {
      const [first] = await podsOf(workload);
      sick.set(workload, (pod) => !curedByRestart || templateOf(pod) === templateOf(first));
      await spread(workload);
    },
    async release(workload, image) {
      sick.set(workload, ({ spec }) => spec?.containers[0]?.image === image);
      const now = await api.apps.readNamespacedDeployment({ name: workload, namespace });
      const [main] = now.spec?.template.spec?.containers ?? [];
      if (main === undefined) throw new UsageError(`${workload} has no container`);
      main.image = image;
      await api.apps.replaceNamespacedDeployment({ name: workload, namespace, body: now });
    },
    async cure(workload) {
      sick.delete(workload);
      // A pod in back-off has no way back to life here; its ReplicaSet makes a sound one.
      for (const { metadata } of await podsOf(workload))
        if (metadata?.annotations?.[crashAnnotation] !== undefined)
          await api.core.deleteNamespacedPod({ namespace, name: metadata.name ?? '' });
    },
    close: () => clearInterval(timer),
  };
}
