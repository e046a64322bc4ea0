import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IIoK8sApiNetworkingV1NetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer';
import type { IIoK8sApiNetworkingV1NetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPort';
import { type Port, platformNamespace, type Workload } from '../catalogue/define.ts';
import { workloads } from '../catalogue/index.ts';
import { type Edge, edgesOf, isOnHost, namespaceOf, outsidePorts, privateRanges } from '../edges.ts';
import type { Environment } from '../environments/define.ts';
import { type Context, metadata } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';

/** Denies everything, then allows names to be looked up, then for each workload what its edges say and no more. */
export function networkPoliciesFile({ environment }: Context): readonly KubernetesObject[] {
  const edges = edgesOf(environment);
  return [
    policy('default-deny', {}, { policyTypes: ['Ingress', 'Egress'] }),
    policy(
      'allow-dns',
      {},
      {
        policyTypes: ['Egress'],
        egress: [
          {
            to: [
              {
                namespaceSelector: inNamespace('kube-system'),
                podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
              },
            ],
            ports: [
              { protocol: 'UDP', port: 53 },
              { protocol: 'TCP', port: 53 },
            ],
          },
        ],
      },
    ),
    ...environment.workloads.filter(hasPolicy).map((workload) => ofWorkload(environment, workload, edges)),
  ];
}

/** Names of the policies: those that are always there, and one for each workload that runs. */
export function networkPolicyNames(): { readonly always: readonly string[]; readonly workloads: readonly string[] } {
  return { always: ['default-deny', 'allow-dns'], workloads: workloads.filter(hasPolicy).map(({ name }) => name) };
}

function hasPolicy(workload: Workload): boolean {
  return workload.kind !== 'managed' && namespaceOf(workload) === platformNamespace && !isOnHost(workload);
}

/**
 * The policy kept ready for an incident: nothing goes in or out of the namespace. Policies only ever add to what is allowed, so it locks nothing while others stand:
 * whoever applies it deletes those of network-policies.yaml, and applies them again to end it. The runbook's procedure, which left them, changed nothing.
 */
export function emergencyLockdown(): KubernetesObject {
  return policy('emergency-lockdown', {}, { policyTypes: ['Ingress', 'Egress'] });
}

function ofWorkload(environment: Environment, workload: Workload, edges: readonly Edge[]): KubernetesObject {
  const { vpcRange } = environment.settings;
  const ingress = [
    ...edges
      .filter(({ to }) => to.name === workload.name)
      .map(({ from, port }) => ({ from: [peer(from, vpcRange)], ports: [ports(port)] })),
    ...workload.ports
      .filter(({ name }) => workload.public?.includes(name))
      .map((port) => ({ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [ports(port)] })),
  ];
  const egress = [
    ...edges
      .filter(({ from }) => from.name === workload.name)
      .map(({ to, port }) => ({ to: [peer(to, vpcRange)], ports: [ports(port)] })),
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
    workload.name,
    { matchLabels: { app: workload.name } },
    { policyTypes: ['Ingress', 'Egress'], ingress, egress },
  );
}

/** Whom a rule speaks of: pods by their label, and by the network what has a node's or a database's address. */
function peer(workload: Workload, vpcRange: string): IIoK8sApiNetworkingV1NetworkPolicyPeer {
  if (workload.kind === 'managed' || isOnHost(workload)) return { ipBlock: { cidr: vpcRange } };
  const namespace = namespaceOf(workload);
  const podSelector = {
    matchLabels: { [workload.rendered === 'upstream' ? 'app.kubernetes.io/name' : 'app']: workload.name },
  };
  return namespace === platformNamespace ? { podSelector } : { namespaceSelector: inNamespace(namespace), podSelector };
}

function ports({ port, endPort, protocol }: Omit<Port, 'name'>): IIoK8sApiNetworkingV1NetworkPolicyPort {
  return { port, protocol, ...(endPort === undefined ? {} : { endPort }) };
}

function inNamespace(name: string) {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}

function policy(name: string, podSelector: object, spec: object): KubernetesObject {
  return checked(
    new NetworkPolicy({
      metadata: metadata(name, 'platform'),
      spec: { podSelector, policyTypes: ['Ingress', 'Egress'], ...spec },
    }),
  );
}
