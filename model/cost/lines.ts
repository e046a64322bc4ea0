import { type MicroUsd, sumUsd } from '../../kernel/money.ts';

/** An amount as well as it is known: the best figure, and the least and the most it can be. Equal where the price is certain. */
export interface Estimate {
  readonly best: MicroUsd;
  readonly low: MicroUsd;
  readonly high: MicroUsd;
}

/** What can cost money in the account; a node is a Droplet with a pool. */
export type CostKind =
  | 'node'
  | 'droplet'
  | 'control-plane'
  | 'database'
  | 'load-balancer'
  | 'volume'
  | 'snapshot'
  | 'reserved-ip'
  | 'registry'
  | 'spaces'
  | 'transfer';

/** One resource and what it costs over the period, near to a row of FOCUS 1.2. */
export interface CostLine {
  readonly id: string;
  readonly name: string;
  readonly kind: CostKind;
  /** The size or plan by which it is priced. */
  readonly sku: string;
  readonly region: string | undefined;
  readonly project: string | undefined;
  readonly cluster: string | undefined;
  readonly pool: string | undefined;
  readonly quantity: number;
  /** What `quantity` counts, such as `node-hours` or `GiB-hours`. */
  readonly unit: string;
  readonly cost: Estimate;
  /** Where the price comes from: DigitalOcean's API, or the price book. */
  readonly origin: 'api' | 'table';
  /** ISO date of the price. */
  readonly pricedOn: string;
}

/** Something whose price nobody knows: a finding, never a zero. */
export interface Unpriced {
  readonly kind: CostKind;
  readonly id: string;
  readonly name: string;
  readonly says: string;
}

/** Everything that the account pays for over a period; `unpriced` is missing from the total, which is then a lower bound. */
export interface Bill {
  readonly lines: readonly CostLine[];
  readonly unpriced: readonly Unpriced[];
}

/** An amount that is known. */
export function exactly(amount: MicroUsd): Estimate {
  return { best: amount, low: amount, high: amount };
}

/** The whole of the bill. */
export function totalOf({ lines }: { readonly lines: readonly { readonly cost: Estimate }[] }): Estimate {
  const sum = (bound: keyof Estimate) => sumUsd(lines.map(({ cost }) => cost[bound]));
  return { best: sum('best'), low: sum('low'), high: sum('high') };
}

/** The parts of a list by a key, dearest first; each part is the sum of its lines, so that the parts make the whole. */
export function totalsBy<T extends { readonly cost: Estimate }>(
  lines: readonly T[],
  key: (line: T) => string,
): readonly { readonly key: string; readonly cost: Estimate }[] {
  return [...Map.groupBy(lines, key)]
    .map(([name, group]) => ({ key: name, cost: totalOf({ lines: group }) }))
    .sort((a, b) => b.cost.best - a.cost.best || a.key.localeCompare(b.key, 'en'));
}
