import type { Infrastructure } from '../../manifests/infrastructure/define.ts';
import type { Observed } from './observed.ts';
import type { InfraPlan, Kept, Step } from './plan-types.ts';

/** The registry: an account has one here; another name than the declared one is left alone. */
export function planRegistry({ registry }: Infrastructure, observed: Observed): InfraPlan {
  if (observed.registry !== undefined)
    return {
      steps: [],
      kept: [
        {
          resource: 'registry',
          name: observed.registry,
          says:
            observed.registry === registry.name ? 'stands' : `the account has this one; declared is ${registry.name}`,
        },
      ],
      problems:
        observed.registry === registry.name
          ? []
          : [
              {
                resource: 'registry',
                says: `the registry is ${observed.registry}, images are named after ${registry.name}`,
                todo: 'declare the name that stands, or pass --skip-registry',
              },
            ],
    };
  return only({
    resource: 'registry',
    id: `create registry ${registry.name}`,
    says: `create registry ${registry.name} (${registry.tier})`,
    next: {
      is: 'call',
      call: { kind: 'create-registry', name: registry.name, tier: registry.tier, region: registry.region },
    },
  });
}

/** The buckets; without a key for Spaces nobody can say whether they stand. */
export function planBuckets({ buckets }: Infrastructure, observed: Observed): InfraPlan {
  const missing = buckets.filter(({ name }) => observed.buckets !== undefined && !observed.buckets.includes(name));
  const says =
    observed.buckets === undefined ? 'unknown: no Spaces key is set, and the API does not list buckets' : 'stands';
  return {
    steps: missing.map(({ name, region }) => ({
      resource: 'spaces',
      id: `create bucket ${name}`,
      says: `create bucket ${name} in ${region}`,
      next: { is: 'call', call: { kind: 'create-bucket', name, region } },
    })),
    kept: buckets.filter((one) => !missing.includes(one)).map(({ name }) => ({ resource: 'spaces', name, says })),
    problems: [],
  };
}

/** The firewall for media, on the tag that DOKS puts on every node of the cluster. */
export function planFirewall({ firewall, cluster }: Infrastructure, observed: Observed): InfraPlan {
  const clusterId = observed.clusters.find(({ name }) => name === cluster.name)?.id;
  const standing = observed.firewalls.find(({ name }) => name === firewall.name);
  const says = firewall.inbound.map(({ protocol, ports }) => `${protocol} ${ports}`).join(', ');
  const { name, inbound } = firewall;
  const create = (next: Step['next'], where = ''): InfraPlan =>
    only({
      resource: 'firewall',
      id: `create firewall ${name}`,
      says: `create firewall ${name}: ${says}${where}`,
      next,
    });
  if (clusterId === undefined) return create({ is: 'later', after: `cluster ${cluster.name}` });
  const tags = [`k8s:${clusterId}`];
  const where = ` on ${tags.join(', ')}`;
  if (standing === undefined)
    return create({ is: 'call', call: { kind: 'create-firewall', name, tags, inbound } }, where);
  const missing = inbound.filter(
    (rule) => !standing.inbound.some((one) => one.protocol === rule.protocol && one.ports === rule.ports),
  );
  if (missing.length === 0 && tags.every((tag) => standing.tags.includes(tag)))
    return kept({ resource: 'firewall', name, says });
  return only({
    resource: 'firewall',
    id: `update firewall ${name}`,
    says: `update firewall ${name}: ${says}${where}`,
    // A PUT replaces all: what others opened stays open, and is theirs to close.
    next: {
      is: 'call',
      call: {
        kind: 'update-firewall',
        id: standing.id,
        name,
        tags: [...new Set([...standing.tags, ...tags])],
        inbound: [...standing.inbound, ...missing],
      },
    },
  });
}

/** The load balancer is the cluster's own child: it is looked at, never made. */
export function planLoadBalancer({ loadBalancer }: Infrastructure, observed: Observed): InfraPlan {
  const standing = observed.loadBalancers.find(({ name }) => name === loadBalancer.name);
  return kept({
    resource: 'load-balancer',
    name: loadBalancer.name,
    says:
      standing === undefined
        ? 'comes with the Service of Traefik, in phase 7 of `gomeet deploy`'
        : `${standing.ip ?? 'no address yet'}, ${standing.status}`,
  });
}

/** The domain and its records; one that exists with other data is somebody's decision and stays. */
export function planDomain({ domain, loadBalancer }: Infrastructure, observed: Observed): InfraPlan {
  const standing = observed.domains.find(({ name }) => name === domain.name);
  const create: Step[] =
    standing === undefined
      ? [
          {
            resource: 'domain',
            id: `create domain ${domain.name}`,
            says: `create domain ${domain.name}`,
            next: { is: 'call', call: { kind: 'create-domain', name: domain.name } },
          },
        ]
      : [];
  const ip = observed.loadBalancers.find(({ name }) => name === loadBalancer.name)?.ip;
  const steps: Step[] = [];
  const stays: Kept[] = standing === undefined ? [] : [{ resource: 'domain', name: domain.name, says: 'stands' }];
  for (const { type, name, data } of domain.records) {
    const found = standing?.records.find((record) => record.type === type && record.name === name);
    const target = data ?? ip;
    if (found !== undefined) {
      stays.push({
        resource: 'domain',
        name: `${type} ${name}`,
        says:
          target === undefined || found.data === target
            ? found.data
            : `${found.data}, not ${target}: left alone, change it by hand`,
      });
      continue;
    }
    steps.push({
      resource: 'domain',
      id: `create record ${type} ${name}`,
      says: `create record ${type} ${name}.${domain.name}${target === undefined ? '' : ` -> ${target}`}`,
      next:
        standing === undefined
          ? { is: 'later', after: `domain ${domain.name}` }
          : target === undefined
            ? { is: 'later', after: `load balancer ${loadBalancer.name}` }
            : {
                is: 'call',
                call: { kind: 'create-record', domain: domain.name, record: { type, name, data: target } },
              },
    });
  }
  return { steps: [...create, ...steps], kept: stays, problems: [] };
}

function only(step: Step): InfraPlan {
  return { steps: [step], kept: [], problems: [] };
}

function kept(one: Kept): InfraPlan {
  return { steps: [], kept: [one], problems: [] };
}
