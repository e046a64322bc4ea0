import type { DeclaredPool, Infrastructure } from '../../manifests/infrastructure/define.ts';
import type { Observed, ObservedCluster, ObservedPool } from './observed.ts';
import type { InfraPlan, Kept, Problem, Step } from './plan-types.ts';
import { newestPatch } from './preflight.ts';

/** The VPC: made once; its range can never be changed. */
export function planVpc({ vpc, region }: Infrastructure, observed: Observed): InfraPlan {
  const standing = observed.vpcs.find(({ name }) => name === vpc.name);
  if (standing === undefined)
    return {
      steps: [
        {
          resource: 'vpc',
          id: `create vpc ${vpc.name}`,
          says: `create VPC ${vpc.name}, ${vpc.ipRange}, in ${region}`,
          next: { is: 'call', call: { kind: 'create-vpc', name: vpc.name, region, ipRange: vpc.ipRange } },
        },
      ],
      kept: [],
      problems: [],
    };
  const problems: Problem[] =
    standing.ipRange === vpc.ipRange
      ? []
      : [
          {
            resource: 'vpc',
            says: `${vpc.name} has ${standing.ipRange}, declared is ${vpc.ipRange}`,
            todo: 'declare the range that stands: a VPC keeps its range for life',
          },
        ];
  return { steps: [], kept: [{ resource: 'vpc', name: vpc.name, says: standing.ipRange }], problems };
}

/** The cluster and its pools. Nothing is ever removed: a pool that nobody declared is somebody's. */
export function planCluster(declared: Infrastructure, observed: Observed): InfraPlan {
  const standing = observed.clusters.find(({ name }) => name === declared.cluster.name);
  if (standing === undefined) return { steps: [createCluster(declared, observed)], kept: [], problems: [] };
  const kept: Kept[] = [{ resource: 'cluster', name: standing.name, says: `${standing.version}, ${standing.status}` }];
  if (standing.status !== 'running' && standing.status !== 'degraded')
    return {
      steps: [
        {
          resource: 'cluster',
          id: `await cluster ${standing.name}`,
          says: `cluster ${standing.name} is ${standing.status}`,
          next: { is: 'provisioning' },
        },
      ],
      kept,
      problems: [],
    };
  const problems = immutable(declared, standing);
  const pools = declared.cluster.pools.map((pool) => planPool(declared.tag, standing, pool));
  const names = new Set(declared.cluster.pools.map(({ name }) => name));
  const foreign = standing.pools
    .filter(({ name }) => !names.has(name))
    .map(
      (pool): Kept => ({
        resource: 'cluster',
        name: `pool ${pool.name}`,
        says: `${pool.count} x ${pool.size}, not declared: left alone`,
      }),
    );
  return {
    steps: pools.flatMap(({ steps }) => steps),
    kept: [...kept, ...pools.flatMap((plan) => plan.kept), ...foreign],
    problems: [...problems, ...pools.flatMap((plan) => plan.problems)],
  };
}

function createCluster({ cluster, vpc, region, tag }: Infrastructure, observed: Observed): Step {
  const vpcId = observed.vpcs.find(({ name }) => name === vpc.name)?.id;
  const version = newestPatch(cluster.minorVersion, observed.offers.versions) ?? cluster.minorVersion;
  const { name, podRange, serviceRange, ha, pools } = cluster;
  const size = pools.map((pool) => `${pool.name} ${pool.minNodes}-${pool.maxNodes} x ${pool.size}`).join(', ');
  return {
    resource: 'cluster',
    id: `create cluster ${name}`,
    says: `create cluster ${name} ${version} with pools ${size}`,
    next:
      vpcId === undefined
        ? { is: 'later', after: `VPC ${vpc.name}` }
        : {
            is: 'call',
            call: {
              kind: 'create-cluster',
              name,
              region,
              version,
              vpcId,
              podRange,
              serviceRange,
              ha,
              tags: [tag],
              pools,
            },
          },
  };
}

function immutable({ cluster }: Infrastructure, standing: ObservedCluster): readonly Problem[] {
  const differing = (what: string, is: string | undefined, wanted: string): Problem[] =>
    is === undefined || is === wanted
      ? []
      : [
          {
            resource: 'cluster',
            says: `${cluster.name}: the range of ${what} is ${is}, declared is ${wanted}`,
            todo: 'declare what stands: a cluster keeps its ranges for life',
          },
        ];
  return [
    ...differing('pods', standing.podRange, cluster.podRange),
    ...differing('services', standing.serviceRange, cluster.serviceRange),
    ...(standing.ha && !cluster.ha
      ? [
          {
            resource: 'cluster' as const,
            says: `${cluster.name} is highly available, declared is not`,
            todo: 'declare it: high availability cannot be switched off',
          },
        ]
      : []),
  ];
}

function planPool(tag: string, cluster: ObservedCluster, pool: DeclaredPool): InfraPlan {
  const standing = cluster.pools.find(({ name }) => name === pool.name);
  if (standing === undefined)
    return {
      steps: [
        {
          resource: 'cluster',
          id: `create pool ${pool.name}`,
          says: `add pool ${pool.name}, ${pool.minNodes}-${pool.maxNodes} x ${pool.size}`,
          next: { is: 'call', call: { kind: 'create-node-pool', clusterId: cluster.id, pool } },
        },
      ],
      kept: [],
      problems: [],
    };
  const problems = poolProblems(standing, pool);
  const changes = poolChanges(standing, pool);
  const floor = standing.autoScale ? standing.minNodes : standing.count;
  // The floor is the responder's to move and to give back: it is set once, at creation.
  const says =
    floor === pool.minNodes
      ? `${standing.count} x ${standing.size}`
      : `${standing.count} x ${standing.size}, floor ${floor} (declared ${pool.minNodes}) left to the responder`;
  if (changes.length === 0 || problems.length > 0)
    return { steps: [], kept: [{ resource: 'cluster', name: `pool ${pool.name}`, says }], problems };
  if (!cluster.tags.includes(tag))
    return {
      steps: [],
      kept: [
        {
          resource: 'cluster',
          name: `pool ${pool.name}`,
          says: `${says}; differs (${changes.join(', ')}), but the cluster has no tag ${tag}: left alone`,
        },
      ],
      problems,
    };
  return {
    steps: [
      {
        resource: 'cluster',
        id: `update pool ${pool.name}`,
        says: `pool ${pool.name}: ${changes.join(', ')}`,
        next: { is: 'call', call: { kind: 'update-node-pool', clusterId: cluster.id, observed: standing, pool } },
      },
    ],
    kept: [],
    problems,
  };
}

function poolProblems(standing: ObservedPool, { name, size, maxNodes }: DeclaredPool): readonly Problem[] {
  const problem = (says: string, todo: string): Problem => ({
    resource: 'cluster',
    says: `pool ${name}: ${says}`,
    todo,
  });
  return [
    ...(standing.size === size
      ? []
      : [
          problem(
            `has ${standing.size}, declared is ${size}`,
            `declare a pool of another name with ${size}, move the pods, then remove ${name} by hand: a pool keeps its size`,
          ),
        ]),
    // Nodes above the maximum would be taken away with the meetings on them.
    ...(standing.count > maxNodes
      ? [
          problem(
            `${standing.count} nodes run, declared are at most ${maxNodes}`,
            'let the responder scale in first, or declare what runs',
          ),
        ]
      : []),
  ];
}

function poolChanges(standing: ObservedPool, pool: DeclaredPool): readonly string[] {
  const labels = Object.entries(pool.labels).filter(([key, value]) => standing.labels[key] !== value);
  const taints = pool.taints.filter(
    (taint) =>
      !standing.taints.some((one) => one.key === taint.key && one.value === taint.value && one.effect === taint.effect),
  );
  return [
    ...(standing.autoScale && standing.maxNodes !== pool.maxNodes
      ? [`at most ${standing.maxNodes} -> ${pool.maxNodes} nodes`]
      : []),
    ...(standing.autoScale ? [] : [`autoscale up to ${pool.maxNodes}`]),
    ...labels.map(([key, value]) => `label ${key}=${value}`),
    ...taints.map(({ key, value, effect }) => `taint ${key}=${value}:${effect}`),
  ];
}
