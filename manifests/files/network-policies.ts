import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IIoK8sApiNetworkingV1NetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer';
import type { IIoK8sApiNetworkingV1NetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPort';
import { type Port, platformNamespace, type Workload } from '../catalogue/define.ts';
import { workloads } from '../catalogue/index.ts';
import {
  type Edge,
  edgesOf,
  isHeldByPolicy,
  isOnHost,
  namespaceOf,
  outsidePorts,
  podLabelsOf,
  privateRanges,
} from '../edges.ts';
import type { Environment } from '../environments/define.ts';
import { type Context, metadata } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';

/** In each namespace: denies everything, then allows names to be looked up, then for each workload what its edges say and no more. */
export function networkPoliciesFile({ environment }: Context): readonly KubernetesObject[] {
  const edges = edgesOf(environment);
  const held = environment.workloads.filter(isHeldByPolicy);
  const namespaces = [
    platformNamespace,
    ...new Set(held.map(namespaceOf).filter((name) => name !== platformNamespace)),
  ];
  return [
    ...namespaces.flatMap((namespace) => [
      policy(namespace, 'default-deny', {}, { policyTypes: ['Ingress', 'Egress'] }),
      policy(namespace, 'allow-dns', {}, { policyTypes: ['Egress'], egress: [names] }),
    ]),
    ...held.map((workload) => ofWorkload(environment, workload, edges)),
  ];
}

/** Names of the policies in the platform's namespace: those that are always there, and one for each workload that runs. */
export function networkPolicyNames(): { readonly always: readonly string[]; readonly workloads: readonly string[] } {
  const own = workloads.filter((one) => isHeldByPolicy(one) && namespaceOf(one) === platformNamespace);
  return { always: ['default-deny', 'allow-dns'], workloads: own.map(({ name }) => name) };
}

const names = {
  to: [{ namespaceSelector: inNamespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

function ofWorkload(environment: Environment, workload: Workload, edges: readonly Edge[]): KubernetesObject {
  const { vpcRange } = environment.settings;
  const ingress = [
    ...edges
      .filter(({ to }) => to.name === workload.name)
      .map(({ from, port }) => ({ from: [peer(from, workload, vpcRange)], ports: [ports(port)] })),
    ...workload.ports
      .filter(({ name }) => workload.public?.includes(name))
      .map((port) => ({ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [ports(port)] })),
    // From anywhere: what stands there asks for a certificate of the API server's.
    ...workload.ports
      .filter(({ name }) => workload.askedByApiServer?.includes(name))
      .map((port) => ({ ports: [ports(port)] })),
  ];
  const egress = [
    ...edges
      .filter(({ from }) => from.name === workload.name)
      .map(({ to, port }) => ({ to: [peer(to, workload, vpcRange)], ports: [ports(port)] })),
    ...(workload.reaches ?? []).map((outside) => ({
      to: [
        {
          ipBlock: {
            cidr: '0.0.0.0/0',
            // The control plane answers on an address of its own choice, which may be a private one.
            ...(outside === 'kubernetes-api' ? {} : { except: [...privateRanges] }),
          },
        },
      ],
      ports: outsidePorts[outside].map((port) => ports(port)),
    })),
  ];
  return policy(
    namespaceOf(workload),
    workload.name,
    { matchLabels: { ...podLabelsOf(workload) } },
    { policyTypes: ['Ingress', 'Egress'], ingress, egress },
  );
}

/** Whom a rule speaks of: pods by their label, and by the network what has a node's or a database's address. */
function peer(workload: Workload, seenFrom: Workload, vpcRange: string): IIoK8sApiNetworkingV1NetworkPolicyPeer {
  if (workload.kind === 'managed' || isOnHost(workload)) return { ipBlock: { cidr: vpcRange } };
  const namespace = namespaceOf(workload);
  const podSelector = { matchLabels: { ...podLabelsOf(workload) } };
  return namespace === namespaceOf(seenFrom)
    ? { podSelector }
    : { namespaceSelector: inNamespace(namespace), podSelector };
}

function ports({ port, endPort, protocol }: Omit<Port, 'name'>): IIoK8sApiNetworkingV1NetworkPolicyPort {
  return { port, protocol, ...(endPort === undefined ? {} : { endPort }) };
}

function inNamespace(name: string) {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}

function policy(namespace: string, name: string, podSelector: object, spec: object): KubernetesObject {
  return checked(
    new NetworkPolicy({
      metadata: { ...metadata(name, 'platform'), namespace },
      spec: { podSelector, policyTypes: ['Ingress', 'Egress'], ...spec },
    }),
  );
}
