import type { Inventory } from '../../exporters/digitalocean/domain.ts';
import type { Clock } from '../../kernel/clock.ts';
import { errorText } from '../../kernel/errors.ts';
import { monthBefore, monthPeriod } from '../../model/cost/accrual.ts';
import { type PriceBook, prices } from '../../model/prices.ts';
import type { Metrics } from '../../responders/ports.ts';
import { declaredPlatform } from '../capacity/platform.ts';
import { localDay } from '../capacity/text.ts';
import { type Budget, costReport } from '../cost/report.ts';
import { readUsage } from '../cost/usage.ts';
import { readCosts, readDaily, readHours, readRoomSizes, readSfuNodes, readTransfer } from './history.ts';
import type { MonthlyInput } from './input.ts';
import { poolsOf, skuOf, unusedOf } from './inventory.ts';
import { readLimits, readTenants } from './limits.ts';
import { savingsOf } from './savings.ts';
import { readSlos } from './slos.ts';

/** Where a report's facts come from; what is absent is a gap that the report names. */
export interface MonthlySources {
  readonly inventory: Inventory | undefined;
  readonly metrics: Pick<Metrics, 'query' | 'queryRange'> | undefined;
  readonly reliability: MonthlyInput['reliability'];
  readonly budget: Budget;
  readonly clock: Pick<Clock, 'now'>;
  readonly month: string;
  readonly timeZone: string;
  /** Whose declared pool holds where the account's was not read; production unless said. */
  readonly environment?: string;
  readonly replaces?: MonthlyInput['replaces'];
  /** Gaps that were found before. */
  readonly gaps: readonly string[];
  readonly progress: (what: string) => void;
  readonly book?: PriceBook;
}

const dayMs = 86_400_000;
/** Nine weeks before the month: last month whole, and eight weekdays for every day of this one. */
const historyDays = 63;

/** Reads everything that a month's report is made of. What cannot be read is named in `gaps`, and the rest still counts. */
export async function gatherMonth(sources: MonthlySources): Promise<MonthlyInput> {
  const { inventory, metrics, clock, month, timeZone, book = prices } = sources;
  const nowMs = clock.now();
  const period = monthPeriod(month);
  const untilMs = Math.min(period.untilMs, nowMs);
  const historyFromMs = period.fromMs - historyDays * dayMs;
  const history = { fromMs: historyFromMs, untilMs };
  const gaps: string[] = [...sources.gaps];
  if (metrics === undefined)
    gaps.push('no PROMETHEUS_URL: costs by resource, people, limits and forecasts are missing');
  async function attempt<T>(
    what: string,
    absent: T,
    read: (from: NonNullable<typeof metrics>) => Promise<T>,
  ): Promise<T> {
    if (metrics === undefined) return absent;
    sources.progress(what);
    try {
      return await read(metrics);
    } catch (error) {
      gaps.push(`${what} could not be read from Prometheus: ${errorText(error).slice(0, 200)}`);
      return absent;
    }
  }
  const pools = poolsOf(inventory);
  const platform = declaredPlatform({}, sources.environment);
  const declared = pools.find(({ name }) => name === platform.pool);
  const sfu = {
    pool: platform.pool,
    size: declared?.size ?? platform.size.slug,
    maxNodes: declared?.maxNodes ?? platform.maxNodes,
    spareNodes: 1,
  };
  const { resources, bounds } = await attempt('costs', { resources: [], bounds: { low: [], high: [] } }, (from) =>
    readCosts(from, { fromMs: historyFromMs, untilMs: period.fromMs }, { fromMs: period.fromMs, untilMs }),
  );
  const before = monthBefore(month);
  const usage = await attempt('usage', undefined, (from) => readUsage(from, 30));
  const report = inventory && costReport({ inventory, usage, budget: sources.budget, nowMs, days: 30, book });
  const skus = skuOf(inventory);
  const unused = unusedOf(inventory);
  return {
    schemaVersion: 1,
    month,
    timeZone,
    asOfMs: nowMs,
    currency: 'USD',
    budget: { amount: sources.budget.amount, setBy: sources.budget.setBy },
    book: {
      asOf: book.asOf,
      capHours: book.billedHoursCap,
      transferPerGib: book.transferPerGib,
      doubts: doubtsOf(report),
    },
    historyFromMs,
    resources: resources.map((one) => ({
      ...one,
      sku: skus.get(one.id),
      unused: unused.has(one.id) ? true : undefined,
    })),
    bounds,
    hours: await attempt('people', [], (from) => readHours(from, history)),
    daily: await attempt('meetings and traffic', [], (from) => readDaily(from, history)),
    roomSizes: await attempt('sizes of rooms', undefined, (from) =>
      readRoomSizes(from, { fromMs: period.fromMs, untilMs }),
    ),
    transfer: await attempt('transfer', [], (from) =>
      readTransfer(from, [
        { month: before, ...monthPeriod(before) },
        { month, fromMs: period.fromMs, untilMs },
      ]),
    ),
    tenants: await attempt('pods', [], (from) => readTenants(from, { fromMs: period.fromMs, untilMs })),
    nodeSizes: nodeSizesOf(inventory, book),
    invoices: invoicesOf(inventory, [month, before], gaps),
    monthToDate: period.untilMs > nowMs ? inventory?.parts.balance?.value.monthToDateUsage : undefined,
    pools,
    sfu,
    sfuNodes: await attempt('SFU nodes', [], (from) => readSfuNodes(from, history, (atMs) => localDay(atMs, timeZone))),
    constraints: await attempt('limits', [], (from) => readLimits(from, sfu, history, gaps)),
    savings: report === undefined ? [] : savingsOf(report.efficiency),
    reliability: sources.reliability && {
      ...sources.reliability,
      slos: await attempt('service levels', [], (from) => readSlos(from, { fromMs: period.fromMs, untilMs })),
    },
    gaps: [
      ...gaps,
      ...(inventory?.gaps ?? []).map(({ part, message }) => `${part} of the account could not be read: ${message}`),
    ],
    replaces: sources.replaces,
  };
}

/** Products of which the price book itself says that they are to be confirmed. */
function doubtsOf(report: ReturnType<typeof costReport> | undefined): MonthlyInput['book']['doubts'] {
  const doubts: Record<string, string> = { spaces: 'what Spaces hold above 250 GiB is not in the API' };
  for (const { kind, basis, source } of report?.lines ?? [])
    if (basis === 'unconfirmed' || basis === 'unknown') doubts[kind] = `price to be confirmed: ${source}`.slice(0, 300);
  return doubts;
}

function nodeSizesOf(inventory: Inventory | undefined, book: PriceBook): MonthlyInput['nodeSizes'] {
  return Object.fromEntries([
    ...book.nodeSizes.map(({ slug, vcpus, memoryGib }) => [slug, { vcpus, memoryGib }] as const),
    ...(inventory?.parts.sizes?.value ?? []).map(
      ({ slug, vcpus, memoryMib }) => [slug, { vcpus, memoryGib: memoryMib / 1_024 }] as const,
    ),
  ]);
}

function invoicesOf(
  inventory: Inventory | undefined,
  months: readonly string[],
  gaps: string[],
): MonthlyInput['invoices'] {
  return (inventory?.parts.invoices?.value ?? [])
    .filter(({ period, isPreview }) => months.includes(period) && !isPreview)
    .map(({ id, period, amount, isPreview, items }) => {
      if (items === undefined)
        gaps.push(`the invoice of ${period} was read without its items: nothing is said by product`);
      return {
        id,
        period,
        amount,
        isPreview,
        items: items?.map((item) => ({
          product: item.product.slice(0, 300),
          description: item.description.slice(0, 300),
          amount: item.amount,
          project: item.project?.slice(0, 300),
          group: item.group?.slice(0, 300),
        })),
      };
    });
}
