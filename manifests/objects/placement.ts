import type { IIoK8sApiCoreV1PodSpec } from 'kubernetes-models/v1/PodSpec';
import type { Workload } from '../catalogue/define.ts';
import type { Environment } from '../environments/define.ts';

/** DigitalOcean's label for the pool of a node. */
export const poolLabel = 'doks.digitalocean.com/node-pool';

/** The taint of a pool that is kept for what is meant for it. */
export function dedicatedTaint(pool: string) {
  return { key: 'gomeet.dev/dedicated', value: pool, effect: 'NoSchedule' as const };
}

/** In which pool a pod runs, and how far from its like: an SFU never beside another, others on another node where there is one. */
export function placement(environment: Environment, workload: Workload): Partial<IIoK8sApiCoreV1PodSpec> {
  const { name, kind, pool, replicas, maxReplicas } = workload;
  if (kind === 'DaemonSet') return { tolerations: [{ operator: 'Exists' }] };
  const selector = { matchLabels: { app: name } };
  const dedicated = environment.pools.some((one) => one.name === pool && one.dedicated);
  return {
    ...(pool === undefined ? {} : { nodeSelector: { [poolLabel]: pool } }),
    ...(dedicated && pool !== undefined ? { tolerations: [{ ...dedicatedTaint(pool), operator: 'Equal' }] } : {}),
    ...(workload.privilege?.hostNetwork
      ? {
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector: selector, topologyKey: 'kubernetes.io/hostname' },
              ],
            },
          },
        }
      : Math.max(replicas, maxReplicas) > 1
        ? {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'kubernetes.io/hostname',
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: selector,
                matchLabelKeys: kind === 'Deployment' ? ['pod-template-hash'] : [],
              },
            ],
          }
        : {}),
  };
}
