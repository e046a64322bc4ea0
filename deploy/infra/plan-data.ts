import type { DeclaredDatabase, Infrastructure } from '../../manifests/infrastructure/define.ts';
import type { Observed, ObservedDatabase } from './observed.ts';
import type { InfraPlan, Kept, Problem, Step } from './plan-types.ts';

/** One managed database: the cluster, who may connect, and DigitalOcean's own connection pools. */
export function planDatabase(declared: Infrastructure, database: DeclaredDatabase, observed: Observed): InfraPlan {
  const { kind: resource, name } = database;
  const standing = observed.databases.find((one) => one.name === name);
  if (standing === undefined) return { steps: [createDatabase(declared, database, observed)], kept: [], problems: [] };
  const kept: Kept[] = [
    { resource, name, says: `${standing.engine} ${standing.size} x ${standing.nodes}, ${standing.status}` },
  ];
  const problems = differences(database, standing);
  if (standing.status !== 'online')
    return {
      steps: [{ resource, id: `await ${name}`, says: `${name} is ${standing.status}`, next: { is: 'provisioning' } }],
      kept,
      problems,
    };
  const steps = [
    ...trustedSources(declared, database, standing, observed),
    ...evictionPolicy(database, standing),
    ...connectionPools(database, standing),
  ];
  if (steps.length > 0 && !standing.tags.includes(declared.tag))
    return {
      steps: [],
      kept: [
        ...kept,
        { resource, name, says: `has no tag ${declared.tag}: ${steps.map(({ says }) => says).join('; ')} left to you` },
      ],
      problems,
    };
  return { steps, kept, problems };
}

function createDatabase({ vpc, region, tag }: Infrastructure, database: DeclaredDatabase, observed: Observed): Step {
  const vpcId = observed.vpcs.find(({ name }) => name === vpc.name)?.id;
  return {
    resource: database.kind,
    id: `create database ${database.name}`,
    says: `create ${database.name}: ${database.engine} ${database.version}, ${database.size} x ${database.nodes}`,
    next:
      vpcId === undefined
        ? { is: 'later', after: `VPC ${vpc.name}` }
        : { is: 'call', call: { kind: 'create-database', database, region, vpcId, tags: [tag] } },
  };
}

function differences(
  { kind, name, engine, size, nodes }: DeclaredDatabase,
  standing: ObservedDatabase,
): readonly Problem[] {
  const problem = (says: string, todo: string): Problem => ({ resource: kind, says: `${name}: ${says}`, todo });
  return [
    ...(standing.engine === engine
      ? []
      : [problem(`is ${standing.engine}, declared is ${engine}`, 'give the declared one another name')]),
    ...(standing.size === size && standing.nodes === nodes
      ? []
      : [
          problem(
            `is ${standing.size} x ${standing.nodes}, declared is ${size} x ${nodes}`,
            'declare what stands, or resize it by hand at a quiet hour: a resize fails over, and no node gets smaller',
          ),
        ]),
  ];
}

/** Only the cluster may connect; rules that others made stay. */
function trustedSources(
  { cluster }: Infrastructure,
  { kind, name }: DeclaredDatabase,
  standing: ObservedDatabase,
  observed: Observed,
): readonly Step[] {
  const clusterId = observed.clusters.find((one) => one.name === cluster.name)?.id;
  if (standing.trusted.some(({ type, value }) => type === 'k8s' && value === clusterId)) return [];
  return [
    {
      resource: kind,
      id: `trust ${name}`,
      says: `let cluster ${cluster.name} connect to ${name}${standing.trusted.length === 0 ? ', and no longer everyone' : ''}`,
      next:
        clusterId === undefined
          ? { is: 'later', after: `cluster ${cluster.name}` }
          : {
              is: 'call',
              call: { kind: 'trust-cluster', databaseId: standing.id, clusterId, standing: standing.trusted },
            },
    },
  ];
}

function evictionPolicy(
  { kind, name, evictionPolicy: policy }: DeclaredDatabase,
  standing: ObservedDatabase,
): readonly Step[] {
  if (policy === undefined || standing.evictionPolicy === policy) return [];
  return [
    {
      resource: kind,
      id: `eviction policy ${name}`,
      says: `${name}: eviction policy ${standing.evictionPolicy ?? 'unknown'} -> ${policy}`,
      next: { is: 'call', call: { kind: 'set-eviction-policy', databaseId: standing.id, policy } },
    },
  ];
}

function connectionPools({ kind, name, pools }: DeclaredDatabase, standing: ObservedDatabase): readonly Step[] {
  return pools
    .filter((pool) => !standing.pools.includes(pool.name))
    .map((pool) => ({
      resource: kind,
      id: `create pool ${pool.name} of ${name}`,
      says: `create connection pool ${pool.name} (${pool.mode}, ${pool.size}) for database ${pool.database}`,
      next: standing.databases.includes(pool.database)
        ? { is: 'call', call: { kind: 'create-connection-pool', databaseId: standing.id, pool } }
        : { is: 'later', after: `database ${pool.database}, which \`gomeet deploy\` makes in phase 5` },
    }));
}
