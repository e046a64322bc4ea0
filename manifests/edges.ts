import { type Outside, type Port, platformNamespace, type Workload } from './catalogue/define.ts';
import type { Environment } from './environments/define.ts';

/** One allowed flow between two workloads. */
export interface Edge {
  readonly from: Workload;
  readonly to: Workload;
  readonly port: Port;
}

/** Every flow that the catalogue allows between workloads that the environment runs. */
export function edgesOf({ workloads }: Environment): readonly Edge[] {
  return workloads.flatMap((to) =>
    to.clients.flatMap((client) => {
      const from = workloads.find(({ name }) => name === client.from);
      const port = to.ports.find(({ name }) => name === client.port);
      return from === undefined || port === undefined ? [] : [{ from, to, port }];
    }),
  );
}

/** Whether a workload's packets carry a node's address: a policy cannot select such a pod, and others see the node. */
export function isOnHost({ privilege }: Workload): boolean {
  return privilege?.hostNetwork === true;
}

/** Labels by which a policy knows the pods of a workload. */
export function podLabelsOf({ name, podLabels }: Workload): Readonly<Record<string, string>> {
  return podLabels ?? { app: name };
}

/** Whether a policy can hold a workload, and is ours to write: its pods have addresses of their own, in a namespace that is not DigitalOcean's. */
export function isHeldByPolicy(workload: Workload): boolean {
  return workload.kind !== 'managed' && !isOnHost(workload) && namespaceOf(workload) !== 'kube-system';
}

/** Namespace of a workload. */
export function namespaceOf({ namespace }: Workload): string {
  return namespace ?? platformNamespace;
}

/** Ports of the world beyond, by what they are for. */
export const outsidePorts: Readonly<Record<Outside, readonly Omit<Port, 'name'>[]>> = {
  // 16443 is where DigitalOcean's bridge to a highly available control plane may listen.
  'kubernetes-api': [443, 6_443, 16_443].map((port) => ({ port, protocol: 'TCP' })),
  'internet-https': [{ port: 443, protocol: 'TCP' }],
  'internet-smtp': [{ port: 587, protocol: 'TCP' }],
  'internet-dns': [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
  'internet-media': [
    { port: 7_881, protocol: 'TCP' },
    { port: 10_000, endPort: 20_000, protocol: 'UDP' },
  ],
};

/** Addresses that are nobody's on the internet. */
export const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'] as const;
