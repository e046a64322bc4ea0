import { documentedPool, sfuPool } from '../manifests/catalogue/pools.ts';

/** The SFU pool of a lab: production's, at the few nodes of the runbook's only pool. */
export const labPool = {
  ...sfuPool,
  nodes: documentedPool.nodes,
  minNodes: documentedPool.minNodes,
  maxNodes: documentedPool.maxNodes,
};
