import { type MicroUsd, sumUsd } from '../../kernel/money.ts';

/** An amount as well as it is known: the best figure, and the least and the most it can be. Equal where the price is certain. */
export interface Estimate {
  readonly best: MicroUsd;
  readonly low: MicroUsd;
  readonly high: MicroUsd;
}

/** What is paid for as long as it exists; a node of a cluster is a Droplet with a pool. */
export const resourceKinds = [
  'droplet',
  'control_plane',
  'database',
  'load_balancer',
  'volume',
  'snapshot',
  'registry',
  'reserved_ip',
  'spaces',
] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** What can cost money in the account. */
export const costKinds = [...resourceKinds, 'transfer'] as const;
export type CostKind = (typeof costKinds)[number];

/** What a line is about, however long it is paid for. */
export interface CostSubject {
  readonly id: string;
  readonly name: string;
  readonly kind: CostKind;
  /** The size or plan by which it is priced. */
  readonly sku: string;
  readonly region: string;
  readonly project: string | undefined;
  readonly cluster: string | undefined;
  readonly pool: string | undefined;
  /** Where the price comes from: DigitalOcean's API, or the price book. */
  readonly origin: 'api' | 'table';
  /** How sure the price is; `unknown` has the range of its neighbours. */
  readonly basis: 'published' | 'derived' | 'unconfirmed' | 'unknown';
  readonly source: string;
}

/** One resource and what it costs over a period, near to a row of FOCUS. */
export interface CostLine extends CostSubject {
  readonly quantity: number;
  /** What `quantity` counts. */
  readonly unit: 'hours' | 'GiB';
  readonly cost: Estimate;
}

/** The whole of a list: least with least, most with most. */
export function totalOf(lines: readonly { readonly cost: Estimate }[]): Estimate {
  const sum = (bound: keyof Estimate) => sumUsd(lines.map(({ cost }) => cost[bound]));
  return { best: sum('best'), low: sum('low'), high: sum('high') };
}

/** The parts of a list by a key, dearest first; each part is the sum of its lines, so that the parts make the whole. */
export function totalsBy<T extends { readonly cost: Estimate }>(
  lines: readonly T[],
  key: (line: T) => string,
): readonly { readonly key: string; readonly cost: Estimate }[] {
  return [...Map.groupBy(lines, key)]
    .map(([name, group]) => ({ key: name, cost: totalOf(group) }))
    .sort((a, b) => b.cost.best - a.cost.best || a.key.localeCompare(b.key, 'en'));
}
