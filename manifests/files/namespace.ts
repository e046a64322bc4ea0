import { LimitRange } from 'kubernetes-models/v1/LimitRange';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { ResourceQuota } from 'kubernetes-models/v1/ResourceQuota';
import { platformNamespace, type Workload } from '../catalogue/define.ts';
import type { Environment } from '../environments/define.ts';
import { type Context, labels, metadata } from '../objects/context.ts';
import { checked, cpu, type KubernetesObject, memory } from '../objects/object.ts';

/**
 * The namespace, what all of it may take together, and what a pod gets that says nothing. Its pod security level is the one that lets the SFU
 * onto the host's network; `pod-security.yaml` holds everything else to the restricted profile.
 */
export function namespaceFile({ environment }: Context): readonly KubernetesObject[] {
  const most = quota(environment);
  return [
    checked(
      new Namespace({
        metadata: {
          name: platformNamespace,
          labels: {
            ...labels('platform'),
            name: platformNamespace,
            'gomeet.dev/environment': environment.name,
            'pod-security.kubernetes.io/enforce': 'privileged',
            'pod-security.kubernetes.io/audit': 'restricted',
            'pod-security.kubernetes.io/warn': 'restricted',
          },
        },
      }),
    ),
    checked(
      new ResourceQuota({
        metadata: metadata('gomeet-quota', 'platform'),
        spec: {
          hard: {
            'requests.cpu': cpu(Math.ceil(most.cpuCores)),
            'requests.memory': memory(Math.ceil(most.memoryGib)),
            pods: `${most.pods}`,
            'services.loadbalancers': '1',
            'services.nodeports': '10',
            persistentvolumeclaims: `${most.claims}`,
          },
        },
      }),
    ),
    checked(
      new LimitRange({
        metadata: metadata('gomeet-limits', 'platform'),
        spec: {
          limits: [
            {
              type: 'Container',
              default: { memory: '256Mi' },
              defaultRequest: { cpu: '50m', memory: '128Mi' },
            },
          ],
        },
      }),
    ),
  ];
}

/** What everything takes at its most, with a fifth on top: a rollout has old and new pods at once. */
export function quota({ workloads, pools }: Environment) {
  const nodes = pools.reduce((sum, { maxNodes }) => sum + maxNodes, 0);
  const ours = workloads.filter(({ kind, rendered }) => kind !== 'managed' && rendered === undefined);
  const pods = (workload: Workload) => (workload.kind === 'DaemonSet' ? nodes : workload.maxReplicas);
  const sum = (of: (workload: Workload) => number) => ours.reduce((total, one) => total + pods(one) * of(one), 0);
  const each = (one: Workload, field: 'cpuCores' | 'memoryGib') =>
    one.requests[field] + (one.sidecars ?? []).reduce((total, { requests }) => total + requests[field], 0);
  return {
    cpuCores: sum((one) => each(one, 'cpuCores')) * 1.2,
    memoryGib: sum((one) => each(one, 'memoryGib')) * 1.2,
    pods: Math.ceil(sum(() => 1) * 1.2) + 20,
    claims: ours.reduce((total, one) => total + one.maxReplicas * (one.storage?.length ?? 0), 0) + 2,
  };
}
