import { sumUsd, timesUsd } from '../../kernel/money.ts';
import { hourlyShare } from '../../model/prices/resources.ts';
import type { PriceBook } from '../../model/prices.ts';
import { digitalOceanMetrics as metrics } from '../metrics/digitalocean.ts';
import type { Inventory } from './domain.ts';
import type { AddGauge } from './gauges.ts';
import { priceInventory } from './priced.ts';
import { transferPool } from './transfer.ts';

const dollars = (amount: number) => amount / 1e6;

/** What it costs: balance, invoices, each resource by the hour, transfer. A part that was not read gives no series. */
export function describeCost(inventory: Inventory, add: AddGauge, nowMs: number, book: PriceBook): void {
  describeBilling(inventory, add);
  const resources = priceInventory(inventory, book);
  const cost = add(metrics.resourceCost);
  const unconfirmed = add(metrics.unconfirmed);
  for (const { resourceType: resource_type, id, name, region, project, cluster, pool, price, hourly } of resources) {
    cost.set(
      {
        resource_type,
        id,
        name,
        region,
        project: project ?? '',
        cluster: cluster ?? '',
        pool: pool ?? '',
        price_source: price.origin,
      },
      dollars(hourly),
    );
    if (price.basis === 'unknown' || price.basis === 'unconfirmed')
      unconfirmed.inc({ resource_type, basis: price.basis });
  }
  if (resources.length > 0) {
    const range = add(metrics.costRange);
    for (const bound of ['low', 'high'] as const)
      range.set({ bound }, dollars(hourlyShare(book, sumUsd(resources.map(({ price }) => price[bound])))));
  }
  describeTransfer(inventory, add, nowMs, book);
}

function describeBilling({ parts }: Inventory, add: AddGauge): void {
  if (parts.balance !== undefined) {
    const { monthToDateUsage, monthToDateBalance, accountBalance, generatedAtMs } = parts.balance.value;
    add(metrics.monthToDateUsage).set(dollars(monthToDateUsage));
    add(metrics.monthToDateBalance).set(dollars(monthToDateBalance));
    add(metrics.accountBalance).set(dollars(accountBalance));
    if (generatedAtMs !== undefined) add(metrics.balanceGenerated).set(generatedAtMs / 1_000);
  }
  const running = add(metrics.monthToDateCost);
  const closed = add(metrics.invoiceAmount);
  for (const { period, isPreview, items } of parts.invoices?.value ?? []) {
    if (items === undefined) continue;
    if (isPreview)
      for (const { product, project = '', amount } of items) running.inc({ product, project }, dollars(amount));
    else for (const { product, amount } of items) closed.inc({ period, product }, dollars(amount));
  }
  const points = parts.insights?.value ?? [];
  const latestMs = points.reduce((latest, { startMs }) => Math.max(latest, startMs), 0);
  const skus = add(metrics.skuCost);
  for (const { sku, startMs, amount } of points) if (startMs === latestMs) skus.inc({ sku }, dollars(amount));
}

function describeTransfer({ parts }: Inventory, add: AddGauge, nowMs: number, book: PriceBook): void {
  const { droplets, sizes, transfer } = parts;
  if (droplets === undefined || sizes === undefined || transfer === undefined) return;
  const pool = transferPool({
    droplets: droplets.value,
    sizes: sizes.value,
    transfer: transfer.value,
    cappedHours: book.billedHoursCap,
    nowMs,
  });
  if (pool === undefined) return;
  add(metrics.transferPool).set(pool.poolBytes);
  add(metrics.transferUsed).set(pool.usedBytes);
  add(metrics.transferProjected).set(pool.projectedBytes);
  add(metrics.transferOverage).set(dollars(timesUsd(book.transferPerGib, pool.projectedOverageBytes / 1_024 ** 3)));
}
