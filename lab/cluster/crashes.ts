import { annotatePod } from './api.ts';
import { crashAnnotation } from './stages.ts';
import type { RealWorld } from './world.ts';

/** Services whose pods start and die. */
export interface Crashes {
  start(workload: string, options: { curedByRestart: boolean }): Promise<void>;
  cure(workload: string): Promise<void>;
  close(): void;
}

/** Makes pods crash, those that a rollout brings too unless it cures them. */
export function stageCrashes(world: RealWorld, onError: (error: unknown) => void): Crashes {
  const { api, namespace } = world;
  /** The pod template that is sick; undefined is every one. */
  const sick = new Map<string, string | undefined>();
  const podsOf = async (workload: string) =>
    (await api.core.listNamespacedPod({ namespace, labelSelector: `app=${workload}` })).items;
  const spread = async (workload: string) => {
    const template = sick.get(workload);
    for (const { metadata } of await podsOf(workload)) {
      const isSick = template === undefined || metadata?.labels?.['pod-template-hash'] === template;
      if (isSick && metadata?.name !== undefined && metadata.annotations?.[crashAnnotation] === undefined)
        await annotatePod(api, { namespace, name: metadata.name }, { [crashAnnotation]: 'true' });
    }
  };
  const timer = setInterval(() => {
    for (const workload of sick.keys()) void spread(workload).catch(onError);
  }, 200);
  return {
    async start(workload, { curedByRestart }) {
      const [pod] = await podsOf(workload);
      sick.set(workload, curedByRestart ? pod?.metadata?.labels?.['pod-template-hash'] : undefined);
      await spread(workload);
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
