import type { MicroUsd } from '../kernel/money.ts';
import { timesUsd } from '../kernel/money.ts';
import { digitalOceanPrices } from './prices/digitalocean-2026-11-21.ts';

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

/** The prices of one day. */
export interface PriceBook {
  /** ISO date on which they were read. */
  readonly asOf: string;
  readonly currency: 'USD';
  /** A node is billed for at most this many hours a month. */
  readonly billedHoursCap: number;
  readonly nodeSizes: readonly NodeSize[];
  readonly monthly: readonly MonthlyPrice[];
  /** Outbound transfer above the team's pool, per GiB. */
  readonly transferPerGib: MicroUsd;
}

/** The price book in force. */
export const prices: PriceBook = digitalOceanPrices;

/** The size of that slug; undefined when the book has no price for it, which is never to be read as free. */
export function nodeSize(slug: string, book: PriceBook = prices): NodeSize | undefined {
  return book.nodeSizes.find((size) => size.slug === slug);
}

/** What one node costs for so many hours of one month, with the cap of billed hours; throws a RangeError for negative hours. */
export function nodeCost(size: NodeSize, hours: number, book: PriceBook = prices): MicroUsd {
  if (!(hours >= 0)) throw new RangeError(`not a number of hours: ${hours}`);
  return timesUsd(size.hourly, Math.min(hours, book.billedHoursCap));
}

/** What one node costs in a full month: the cap, not 730 hours. */
export function nodeMonthlyCap(size: NodeSize, book: PriceBook = prices): MicroUsd {
  return timesUsd(size.hourly, book.billedHoursCap);
}
