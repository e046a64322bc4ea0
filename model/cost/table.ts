import { timesUsd, usd } from '../../kernel/money.ts';
import type { MonthlyPrice, PriceBook } from '../prices/define.ts';
import { type Estimate, exactly } from './lines.ts';

/** A price by the month, for one of a unit. */
export interface TablePrice {
  readonly price: Estimate;
  readonly unit: string;
}

// Where the book's own words give bounds, they stand here in figures; other unconfirmed prices may be off by a fifth either way.
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  'postgresql-16vcpu-64gb': [975, 1_130],
};
const doubtRatio = 0.2;

/** The book's price of an item, with the range that its basis leaves; undefined when the book has none. */
export function monthlyPrice(item: string, book: PriceBook): TablePrice | undefined {
  const found = book.monthly.find((price) => price.item === item);
  return found === undefined ? undefined : { price: ranged(found), unit: found.unit };
}

function ranged({ item, monthly, basis }: MonthlyPrice): Estimate {
  if (basis !== 'unconfirmed') return exactly(monthly);
  const bound = bounds[item];
  if (bound !== undefined) return { best: monthly, low: usd(bound[0]), high: usd(bound[1]) };
  return { best: monthly, low: timesUsd(monthly, 1 - doubtRatio), high: timesUsd(monthly, 1 + doubtRatio) };
}

// A node of the basic plans costs $15.00 (Valkey) or $15.15 to $15.23 (PostgreSQL) for each GiB it has; the largest figure
// found for PostgreSQL, $1,130 for 64 GiB, makes $17.66. Third-party price lists of September 2026.
const perGib = { low: usd(15), best: usd(15.2), high: usd(17.66) };
const engines: Readonly<Record<string, string>> = { pg: 'postgresql', valkey: 'valkey', redis: 'valkey' };

/** What one node of a database costs a month: the book's price for its size, else by its memory, as a range; undefined for an engine or a size that says nothing. */
export function databasePrice(engine: string, size: string, book: PriceBook): TablePrice | undefined {
  const parts = /(\d+)vcpu-(\d+)gb$/.exec(size);
  const name = engines[engine];
  if (parts === null || name === undefined) return undefined;
  const listed = monthlyPrice(`${name}-${parts[1]}vcpu-${parts[2]}gb`, book);
  if (listed !== undefined) return listed;
  const memoryGib = Number(parts[2]);
  const of = (price: typeof perGib.best) => timesUsd(price, memoryGib);
  return { price: { best: of(perGib.best), low: of(perGib.low), high: of(perGib.high) }, unit: 'node' };
}
