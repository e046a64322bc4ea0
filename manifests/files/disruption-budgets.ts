import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { Workload } from '../catalogue/define.ts';
import { type Context, metadata } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';

/** Pods of a workload that an eviction may take at once: none where they hold meetings or recordings, since an eviction waits for no one. */
export function mayBeEvicted({ name }: Workload): number {
  return name === 'livekit-sfu' || name === 'livekit-recorder' ? 0 : 1;
}

/** Whether a workload has a budget: several replicas, of which one must stay. */
export function hasBudget({ kind, rendered, replicas }: Workload): boolean {
  return (kind === 'Deployment' || kind === 'StatefulSet') && rendered === undefined && replicas > 1;
}

/** Pods that an eviction may take while an autoscaler is at its least; none blocks every drain of a node. */
export function evictableAtLeast(workload: Workload): number {
  return Math.min(mayBeEvicted(workload), workload.replicas - (workload.minAvailable ?? 0));
}

/** One budget for each workload of several replicas, counted from above unless said, so that no floor of an autoscaler can block a drain. */
export function disruptionBudgetsFile({ environment }: Context): readonly KubernetesObject[] {
  return environment.workloads
    .filter((workload) => hasBudget(workload) || mayBeEvicted(workload) === 0)
    .map((workload) =>
      checked(
        new PodDisruptionBudget({
          metadata: metadata(workload.name, workload.owner, workload.name),
          spec: {
            ...(workload.minAvailable === undefined
              ? { maxUnavailable: mayBeEvicted(workload) }
              : { minAvailable: workload.minAvailable }),
            selector: { matchLabels: { app: workload.name } },
            unhealthyPodEvictionPolicy: mayBeEvicted(workload) === 0 ? 'IfHealthyBudget' : 'AlwaysAllow',
          },
        }),
      ),
    );
}
