import type { Pool, PoolName } from './define.ts';

/** The runbook knows one pool for everything: 6 x c-32, autoscaled from 3 to 20. It bears the name of its main tenant. */
export const sfuPool = {
  name: 'sfu',
  size: 'c-32',
  nodes: 6,
  minNodes: 3,
  maxNodes: 20,
  sources: ['operations-runbook'],
} as const satisfies Pool;

/** Every node pool that is declared. */
export const pools: readonly Pool[] = [sfuPool];

/** The declared pool of that name; undefined when nothing declares one. */
export function poolNamed(name: PoolName): Pool | undefined {
  return pools.find((pool) => pool.name === name);
}
