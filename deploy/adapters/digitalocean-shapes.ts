import { z } from 'zod';
import { list, optionalText, orZero, pageOf, text, textOr } from '../../exporters/digitalocean/source-fields.ts';

const whole = z.number().int().nonnegative();
const yes = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

export const Account = z.object({ account: z.object({ dropletLimit: whole }) });
export const DropletTotal = z.object({ meta: z.object({ total: whole }) });

const Pool = z.object({
  id: text,
  name: text,
  size: text,
  count: orZero,
  autoScale: yes,
  minNodes: orZero,
  maxNodes: orZero,
  labels: z
    .object({ additionalData: z.record(text, z.unknown()).nullish() })
    .nullish()
    .transform((labels) =>
      Object.fromEntries(Object.entries(labels?.additionalData ?? {}).map(([key, value]) => [key, String(value)])),
    ),
  taints: list(z.object({ key: text, value: textOr(''), effect: text })),
  tags: list(text),
});

export const Vpcs = pageOf('vpcs', z.object({ id: text, name: text, region: text, ipRange: text }));
export const Clusters = pageOf(
  'kubernetesClusters',
  z
    .object({
      id: text,
      name: text,
      region: text,
      version: textOr('unknown'),
      ha: yes,
      tags: list(text),
      status: z.object({ state: textOr('unknown') }).nullish(),
      clusterSubnet: optionalText,
      serviceSubnet: optionalText,
      nodePools: list(Pool),
    })
    .transform(({ status, clusterSubnet, serviceSubnet, nodePools, ...cluster }) => ({
      ...cluster,
      status: status?.state ?? 'unknown',
      podRange: clusterSubnet,
      serviceRange: serviceSubnet,
      pools: nodePools,
    })),
);
export const Databases = pageOf(
  'databases',
  z
    .object({
      id: text,
      name: text,
      engine: textOr('unknown'),
      size: textOr('unknown'),
      numNodes: orZero,
      tags: list(text),
      status: textOr('unknown'),
    })
    .transform(({ numNodes, ...database }) => ({ ...database, nodes: numNodes })),
);
export const TrustedSources = z.object({ rules: list(z.object({ type: textOr(''), value: textOr('') })) });
export const DatabaseNames = z.object({ dbs: list(z.object({ name: text })) });
export const ConnectionPools = z.object({ pools: list(z.object({ name: text })) });
export const EvictionPolicy = z.object({ evictionPolicy: optionalText });
export const Firewalls = pageOf(
  'firewalls',
  z
    .object({
      id: text,
      name: text,
      tags: list(text),
      inboundRules: list(z.object({ protocol: z.enum(['tcp', 'udp', 'icmp']), ports: textOr('') })),
    })
    .transform(({ inboundRules, ...firewall }) => ({
      ...firewall,
      inbound: inboundRules.flatMap(({ protocol, ports }) => (protocol === 'icmp' ? [] : [{ protocol, ports }])),
    })),
);
export const Registry = z.object({ registry: z.object({ name: optionalText }).nullish() });
export const Domains = pageOf('domains', z.object({ name: text }));
export const Records = pageOf('domainRecords', z.object({ type: text, name: text, data: textOr('') }));
export const LoadBalancers = pageOf(
  'loadBalancers',
  z.object({ name: textOr(''), ip: optionalText, status: textOr('unknown') }),
);
export const Sizes = pageOf('sizes', z.object({ slug: text, available: yes, regions: list(text) }));
export const KubernetesOptions = z.object({ options: z.object({ versions: list(z.object({ slug: text })) }) });
const Layouts = z.object({ layouts: list(z.object({ sizes: list(text) })) }).nullish();
export const DatabaseOptions = z.object({ options: z.object({ pg: Layouts, valkey: Layouts }) });
