import type { Infrastructure, ResourceKind } from '../../manifests/infrastructure/define.ts';
import type { Observed } from './observed.ts';
import { planCluster, planVpc } from './plan-cluster.ts';
import { planDatabase } from './plan-data.ts';
import { planBuckets, planDomain, planFirewall, planLoadBalancer, planRegistry } from './plan-edge.ts';
import type { InfraPlan } from './plan-types.ts';
import { preflight } from './preflight.ts';

/** What is left to do so that what is declared stands: nothing for what stands already, and never a removal. */
export function planInfrastructure(
  declared: Infrastructure,
  observed: Observed,
  skip: ReadonlySet<ResourceKind> = new Set(),
): InfraPlan {
  const parts: readonly InfraPlan[] = [
    { steps: [], kept: [], problems: preflight(declared, observed) },
    planVpc(declared, observed),
    planCluster(declared, observed),
    ...declared.databases.map((database) => planDatabase(declared, database, observed)),
    planRegistry(declared, observed),
    planBuckets(declared, observed),
    planFirewall(declared, observed),
    planLoadBalancer(declared, observed),
    planDomain(declared, observed),
  ];
  const wanted = ({ resource }: { resource: ResourceKind }) => !skip.has(resource);
  return {
    steps: parts.flatMap(({ steps }) => steps).filter(wanted),
    kept: parts.flatMap(({ kept }) => kept).filter(wanted),
    problems: parts.flatMap(({ problems }) => problems).filter(wanted),
  };
}
