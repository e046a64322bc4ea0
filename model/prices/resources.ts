import { type MicroUsd, sumUsd, timesUsd } from '../../kernel/money.ts';
import type { PriceBasis, PriceBook } from './define.ts';

/** What something costs in a full month. `low` and `high` differ where the price is not known: a finding, never a zero. */
export interface Price {
  readonly low: MicroUsd;
  readonly high: MicroUsd;
  /** `api` where DigitalOcean's API says it, `table` where the price book does. */
  readonly origin: 'api' | 'table';
  /** `unknown` where not even the book has the plan, and the range comes from its neighbours. */
  readonly basis: PriceBasis | 'unknown';
  readonly source: string;
}

/** A price that the API itself gave. */
export function apiPrice(monthly: MicroUsd): Price {
  return { low: monthly, high: monthly, origin: 'api', basis: 'published', source: 'DigitalOcean API' };
}

/** The book's monthly price of so many units of an item; throws a RangeError for an item the book does not have, which is a mistake of the program. */
export function bookPrice(book: PriceBook, item: string, units: number): Price {
  const entry = book.monthly.find((one) => one.item === item);
  if (entry === undefined) throw new RangeError(`the price book of ${book.asOf} has no ${item}`);
  const { basis, source, monthly } = entry;
  const amount = timesUsd(monthly, amountOf(units));
  return { low: amount, high: amount, origin: 'table', basis, source };
}

/** A node or Droplet of that size: the price the API gave, else the book's, else from the cheapest to the dearest size of the book. Billed hours are capped, so a month is the cap and not 730 hours. */
export function dropletPrice(book: PriceBook, slug: string, apiHourly: MicroUsd | undefined): Price {
  if (apiHourly !== undefined) return apiPrice(timesUsd(apiHourly, book.billedHoursCap));
  const size = book.nodeSizes.find((one) => one.slug === slug);
  const hourly = size === undefined ? book.nodeSizes.map((one) => one.hourly) : [size.hourly];
  const monthly = hourly.map((one) => timesUsd(one, book.billedHoursCap));
  return {
    ...rangeOf(monthly),
    origin: 'table',
    basis: size?.basis ?? 'unknown',
    source: size?.source ?? `no price for ${slug}; between the cheapest and the dearest size in the book`,
  };
}

/** A managed database by its slug's memory, standby nodes included in `nodes`. An engine or slug that the book does not know gets the widest range it has. */
export function databasePrice(
  book: PriceBook,
  database: { readonly engine: string; readonly size: string; readonly nodes: number },
): Price {
  const nodes = amountOf(database.nodes);
  const gib = memoryOf(database.size);
  const plan = book.databases.find(
    ({ engine, slugPrefix }) => engine === database.engine && database.size.startsWith(slugPrefix),
  );
  const plans = plan === undefined ? book.databases : [plan];
  const perNode = plans.flatMap(({ lowPerGib, highPerGib }) => [
    timesUsd(lowPerGib, gib ?? smallestDatabaseGib),
    timesUsd(highPerGib, gib ?? largestDatabaseGib),
  ]);
  const { low, high } = rangeOf(perNode);
  const known = plan !== undefined && gib !== undefined;
  return {
    low: timesUsd(low, nodes),
    high: timesUsd(high, nodes),
    origin: 'table',
    basis: known ? plan.basis : 'unknown',
    source: known ? plan.source : `no price for ${database.engine} ${database.size}; the widest range of the book`,
  };
}

/** A load balancer by its type and size units; a type the book does not know costs between the cheapest and twice the dearest it has. */
export function loadBalancerPrice(book: PriceBook, type: string, units: number): Price {
  const item = loadBalancerItems.get(type);
  if (item !== undefined) return bookPrice(book, item, units);
  const known = [...loadBalancerItems.values()].map((one) => bookPrice(book, one, units));
  const { low, high } = rangeOf(known.map((price) => price.low));
  return {
    low,
    high: timesUsd(high, 2),
    origin: 'table',
    basis: 'unknown',
    source: `no price for load balancers of type ${type}`,
  };
}

/** A subscription with an allowance, such as the registry's: what is used above it is paid by the GiB. */
export function tieredMonthly(
  tier: { readonly monthly: MicroUsd; readonly includedGib: number; readonly overagePerGib: MicroUsd },
  usedGib: number,
): MicroUsd {
  return sumUsd([tier.monthly, timesUsd(tier.overagePerGib, Math.max(0, amountOf(usedGib) - tier.includedGib))]);
}

/** An hour's share of a month's price: the month is billed as the cap of hours. */
export function hourlyShare(book: PriceBook, monthly: MicroUsd): MicroUsd {
  return timesUsd(monthly, 1 / book.billedHoursCap);
}

const loadBalancerItems: ReadonlyMap<string, string> = new Map([
  ['REGIONAL', 'load-balancer-http'],
  ['REGIONAL_NETWORK', 'load-balancer-network'],
]);
const smallestDatabaseGib = 1;
const largestDatabaseGib = 256;

/** Memory in a slug such as `db-s-4vcpu-8gb`. */
function memoryOf(slug: string): number | undefined {
  const gib = Number(/-(\d{1,5})gb(?:-|$)/.exec(slug)?.[1]);
  return gib > 0 ? gib : undefined;
}

function rangeOf(amounts: readonly MicroUsd[]): { low: MicroUsd; high: MicroUsd } {
  const sorted = [...amounts].sort((a, b) => a - b);
  const [low] = sorted;
  const high = sorted.at(-1);
  if (low === undefined || high === undefined) throw new RangeError('a price book without prices');
  return { low, high };
}

function amountOf(units: number): number {
  if (!(units >= 0 && Number.isFinite(units))) throw new RangeError(`not an amount: ${units}`);
  return units;
}
