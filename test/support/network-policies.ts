import { z } from 'zod';
import type { KubernetesObject } from '../../manifests/objects/object.ts';
import { overlaps, rangeOf } from '../../model/fit/ranges.ts';

const Selector = z.object({ matchLabels: z.record(z.string(), z.string()).optional() });
const Peer = z.object({
  podSelector: Selector.optional(),
  namespaceSelector: Selector.optional(),
  ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).optional() }).optional(),
});
const Port = z.object({ port: z.number().optional(), endPort: z.number().optional(), protocol: z.string() });
const Spec = z.object({
  podSelector: Selector,
  policyTypes: z.array(z.string()),
  ingress: z.array(z.object({ from: z.array(Peer).optional(), ports: z.array(Port).optional() })).optional(),
  egress: z.array(z.object({ to: z.array(Peer).optional(), ports: z.array(Port).optional() })).optional(),
});

/** One end of a connection: a pod with labels, or with none an address outside the pods' network. */
export interface End {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The address others see: of the pod, of its node, or of a database. */
  readonly address: string;
  /** A pod that no policy can select, since it has its node's network. */
  readonly onHost?: boolean;
}

/** Whether the policies let a connection be made: out of the one end, and into the other (Kubernetes' own rules: allowed by any policy, denied by none but for want of one). */
export function allows(
  policies: readonly KubernetesObject[],
  from: End,
  to: End,
  port: { port: number; protocol: string },
): boolean {
  return passes(policies, 'Egress', from, to, port) && passes(policies, 'Ingress', to, from, port);
}

function passes(
  policies: readonly KubernetesObject[],
  type: 'Ingress' | 'Egress',
  own: End,
  other: End,
  port: { port: number; protocol: string },
): boolean {
  if (own.labels === undefined || own.onHost) return true;
  const selecting = policies
    .filter((policy) => policy.metadata.namespace === own.namespace)
    .map((policy) => Spec.parse(policy['spec']))
    .filter((spec) => spec.policyTypes.includes(type) && matches(spec.podSelector, own.labels ?? {}));
  if (selecting.length === 0) return true;
  const rules = selecting.flatMap((spec) =>
    type === 'Ingress'
      ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
      : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports })),
  );
  return rules.some(
    ({ peers, ports }) =>
      (peers === undefined || peers.some((peer) => isPeer(peer, own, other))) &&
      (ports === undefined || ports.some((one) => isPort(one, port))),
  );
}

function isPeer(peer: z.infer<typeof Peer>, own: End, other: End): boolean {
  if (peer.ipBlock !== undefined) {
    const at = `${other.address}/32`;
    // An address block never means a pod of the cluster's own network: its plugin knows pods by who they are.
    if (other.labels !== undefined && !other.onHost) return false;
    return overlaps(peer.ipBlock.cidr, at) && !(peer.ipBlock.except ?? []).some((range) => overlaps(range, at));
  }
  if (other.labels === undefined || other.onHost) return false;
  const namespace =
    peer.namespaceSelector === undefined
      ? other.namespace === own.namespace
      : matches(peer.namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace ?? '' });
  return namespace && (peer.podSelector === undefined || matches(peer.podSelector, other.labels));
}

function isPort(rule: z.infer<typeof Port>, { port, protocol }: { port: number; protocol: string }): boolean {
  if (rule.protocol !== protocol) return false;
  return rule.port === undefined || (port >= rule.port && port <= (rule.endPort ?? rule.port));
}

function matches({ matchLabels = {} }: z.infer<typeof Selector>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}

/** First address of a range, for an end that has some address of it. */
export function addressIn(cidr: string): string {
  const first = (rangeOf(cidr)?.first ?? 0) + 7;
  return [24, 16, 8, 0].map((bits) => Math.floor(first / 2 ** bits) % 256).join('.');
}
