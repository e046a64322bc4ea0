import type { MicroUsd } from '../kernel/money.ts';
import { timesUsd } from '../kernel/money.ts';
import type { NodeSize, PriceBook } from './prices/define.ts';
import { digitalOceanPrices } from './prices/digitalocean-2026-11-21.ts';

export type { NodeSize, PriceBook } from './prices/define.ts';

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

/** Seconds since the book was read, at the start of its day in UTC; negative on a clock that is behind it. */
export function bookAgeSeconds(nowMs: number, book: PriceBook = prices): number {
  return (nowMs - Date.parse(`${book.asOf}T00:00:00Z`)) / 1_000;
}
