import { type MicroUsd, sumUsd, timesUsd } from '../../kernel/money.ts';
import type { Infrastructure, ResourceKind } from '../../manifests/infrastructure/define.ts';
import { bookPrice, databasePrice, dropletPrice, loadBalancerPrice, type Price } from '../../model/prices/resources.ts';
import { type PriceBook, prices } from '../../model/prices.ts';

/** One line of what the declared resources cost in a full month. */
export interface CostLine {
  readonly resource: ResourceKind;
  readonly item: string;
  readonly low: MicroUsd;
  readonly high: MicroUsd;
  /** With every pool at its maximum; equal to `high` where nothing grows. */
  readonly atMost: MicroUsd;
  readonly basis: Price['basis'];
}

const free = { low: 0 as MicroUsd, high: 0 as MicroUsd, basis: 'published' as const };

/** The monthly price of every line; what has no published price is a range and says so. */
export function infrastructureCost(declared: Infrastructure, book: PriceBook = prices): readonly CostLine[] {
  const { cluster, databases, loadBalancer, registry, buckets, vpc, firewall, domain } = declared;
  const fixed = (resource: ResourceKind, item: string, price: Pick<Price, 'low' | 'high' | 'basis'>): CostLine => ({
    resource,
    item,
    low: price.low,
    high: price.high,
    atMost: price.high,
    basis: price.basis,
  });
  return [
    fixed('vpc', `VPC ${vpc.name}`, free),
    fixed('cluster', 'control plane', cluster.ha ? bookPrice(book, 'control-plane-ha', 1) : free),
    ...cluster.pools.map(({ name, size, minNodes, maxNodes }): CostLine => {
      const node = dropletPrice(book, size, undefined);
      return {
        resource: 'cluster',
        item: `pool ${name}: ${minNodes}-${maxNodes} x ${size}`,
        low: timesUsd(node.low, minNodes),
        high: timesUsd(node.high, minNodes),
        atMost: timesUsd(node.high, maxNodes),
        basis: node.basis,
      };
    }),
    ...databases.map(({ kind, name, engine, size, nodes }) =>
      fixed(kind, `${name}: ${nodes} x ${size}`, databasePrice(book, { engine, size, nodes })),
    ),
    fixed(
      'load-balancer',
      `${loadBalancer.name}: ${loadBalancer.nodes} nodes`,
      loadBalancerPrice(book, loadBalancer.type, loadBalancer.nodes),
    ),
    // One subscription carries all buckets.
    fixed('spaces', `buckets ${buckets.map(({ name }) => name).join(', ')}`, bookPrice(book, 'spaces', 1)),
    fixed('registry', `registry ${registry.name}`, bookPrice(book, `registry-${registry.tier}`, 1)),
    fixed('firewall', `firewall ${firewall.name}`, free),
    fixed('domain', `domain ${domain.name}`, free),
  ];
}

/** The sum of the lines. */
export function totalCost(lines: readonly CostLine[]): Pick<CostLine, 'low' | 'high' | 'atMost'> {
  return {
    low: sumUsd(lines.map(({ low }) => low)),
    high: sumUsd(lines.map(({ high }) => high)),
    atMost: sumUsd(lines.map(({ atMost }) => atMost)),
  };
}
