import type { Pool, PoolName } from './define.ts';

/** The one pool of the runbook: 6 x c-32, autoscaled from 3 to 20. The environment `documented` has it, and the lab borrows its size. */
export const documentedPool = {
  name: 'worker-pool',
  size: 'c-32',
  nodes: 6,
  minNodes: 3,
  maxNodes: 20,
  sources: ['operations-runbook'],
} as const satisfies Pool;

/** The README's SFUs. */
export const sfuPool = {
  name: 'sfu',
  size: 'c-32',
  nodes: 25,
  minNodes: 25,
  maxNodes: 102,
  dedicated: true,
  why: "one SFU a node, so as many nodes as SFUs; two beyond the README's 100, for a rollout's new pod beside one that still drains",
  sources: ['deployment-readme', 'bundle'],
} as const satisfies Pool;

const why =
  'what `gomeet fit` finds for the replicas at their least and most, in whatever order the scheduler places them';

/** Node pools of production. */
export const pools: readonly Pool[] = [
  sfuPool,
  {
    name: 'api',
    size: 'c-32',
    nodes: 15,
    minNodes: 15,
    maxNodes: 40,
    why: `${why}; packed, 12 and 33 would do, and a scheduler that spreads then leaves pods of the signaling service without a place`,
    sources: ['bundle'],
  },
  { name: 'monitoring', size: 'c-16', nodes: 3, minNodes: 3, maxNodes: 4, why, sources: ['bundle'] },
  {
    name: 'system',
    size: 'c-4',
    nodes: 2,
    minNodes: 2,
    maxNodes: 3,
    why: 'the add-ons and the backup take one small node; two, so that one may be lost',
    sources: ['bundle'],
  },
];

/** The declared pool of that name; undefined when nothing declares one. */
export function poolNamed(name: PoolName): Pool | undefined {
  return pools.find((pool) => pool.name === name);
}
