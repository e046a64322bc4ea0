import type { MicroUsd } from '../../kernel/money.ts';

/** How sure we are of a price: printed by DigitalOcean, worked out from a printed one, or to be confirmed on the pricing page. */
export type PriceBasis = 'published' | 'derived' | 'unconfirmed';

/** A size of Droplet that can be a Kubernetes node. */
export interface NodeSize {
  readonly slug: string;
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly hourly: MicroUsd;
  readonly basis: PriceBasis;
  readonly source: string;
}

/** Something billed by the month. */
export interface MonthlyPrice {
  readonly item: string;
  readonly unit: string;
  readonly monthly: MicroUsd;
  readonly basis: PriceBasis;
  readonly source: string;
}

/** A family of managed database plans: the price of a node follows its memory. */
export interface DatabasePrice {
  /** As the API names it: `pg`, `valkey`. */
  readonly engine: string;
  /** Beginning of the size slug. */
  readonly slugPrefix: string;
  /** Per node and GiB of memory; low and high differ where no list names the plan. */
  readonly lowPerGib: MicroUsd;
  readonly highPerGib: MicroUsd;
  readonly basis: PriceBasis;
  readonly source: string;
}

/** The prices of one day. */
export interface PriceBook {
  /** ISO date on which they were read. */
  readonly asOf: string;
  readonly currency: 'USD';
  /** A node is billed for at most this many hours a month. */
  readonly billedHoursCap: number;
  readonly nodeSizes: readonly NodeSize[];
  readonly monthly: readonly MonthlyPrice[];
  readonly databases: readonly DatabasePrice[];
  /** Outbound transfer above the team's pool, per GiB. */
  readonly transferPerGib: MicroUsd;
}
