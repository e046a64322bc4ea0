import { type MicroUsd, timesUsd } from '../../kernel/money.ts';
import type { Infrastructure } from '../../manifests/infrastructure/define.ts';
import { rangeBounds } from '../../manifests/infrastructure/ranges.ts';
import { dropletPrice } from '../../model/prices/resources.ts';
import { type PriceBook, prices } from '../../model/prices.ts';
import type { Observed } from './observed.ts';

/** How far a pool can still grow, and what half as much again would take. */
export interface Growth {
  readonly pool: string;
  readonly size: string;
  readonly nodes: number;
  readonly maxNodes: number;
  /** The maximum that half as much again asks for. */
  readonly nextMax: number;
  readonly perNodeMonthly: MicroUsd;
  readonly addedMonthly: MicroUsd;
}

/** What stands in the way of growth, and what each step costs. */
export interface Expansion {
  readonly growth: readonly Growth[];
  readonly dropletsLeft: number;
  readonly dropletsWanted: number;
  /** Nodes that the pod range has addresses for; it can never be made larger. */
  readonly nodesByAddresses: number;
  readonly notes: readonly string[];
}

// DOKS gives each node 128 pod addresses: a /18 carries 128 nodes.
const addressesPerNode = 128;

/** Room to grow: by pool, by the account's Droplet limit, by addresses. What is not observed counts as its declared minimum. */
export function planExpansion(declared: Infrastructure, observed: Observed, book: PriceBook = prices): Expansion {
  const standing = observed.clusters.find(({ name }) => name === declared.cluster.name)?.pools ?? [];
  const growth = declared.cluster.pools.map(({ name, size, minNodes, maxNodes }): Growth => {
    const nextMax = Math.ceil(maxNodes * 1.5);
    const perNodeMonthly = dropletPrice(book, size, undefined).high;
    return {
      pool: name,
      size,
      nodes: standing.find((pool) => pool.name === name)?.count ?? minNodes,
      maxNodes,
      nextMax,
      perNodeMonthly,
      addedMonthly: timesUsd(perNodeMonthly, nextMax - maxNodes),
    };
  });
  const { first, last } = rangeBounds(declared.cluster.podRange);
  const nodesByAddresses = Math.floor((last - first + 1) / addressesPerNode);
  const wanted = growth.reduce((sum, { nextMax }) => sum + nextMax, 0);
  const others = observed.droplets - standing.reduce((sum, { count }) => sum + count, 0);
  const dropletsLeft = observed.dropletLimit - observed.droplets;
  return {
    growth,
    dropletsLeft,
    dropletsWanted: wanted,
    nodesByAddresses,
    notes: [
      ...(wanted + others > observed.dropletLimit
        ? [
            `Ask for a Droplet limit of at least ${wanted + others} (it is ${observed.dropletLimit}); an answer takes days.`,
          ]
        : []),
      ...(wanted > nodesByAddresses
        ? [`The pod range carries ${nodesByAddresses} nodes and cannot grow: plan a second cluster.`]
        : []),
      ...growth
        .filter(({ nodes, maxNodes }) => nodes >= maxNodes * 0.8)
        .map(({ pool, nodes, maxNodes }) => `Pool ${pool} stands at ${nodes} of ${maxNodes} nodes.`),
      'When it is needed: `gomeet capacity forecast`.',
    ],
  };
}
