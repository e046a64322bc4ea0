import type { Inventory } from '../../exporters/digitalocean/domain.ts';
import { priceInventory } from '../../exporters/digitalocean/priced.ts';
import type { Billed } from '../../model/cost/bill.ts';
import { type PriceBook, prices } from '../../model/prices.ts';

/** Everything of the account that is billed, priced as the exporter prices it, with its size and when it was made. */
export function billedThings(inventory: Inventory, book: PriceBook = prices): readonly Billed[] {
  const { parts } = inventory;
  const made = new Map(
    [parts.droplets, parts.databases, parts.volumes, parts.snapshots].flatMap((part) =>
      (part?.value ?? []).map(({ id, createdAtMs }) => [id, createdAtMs] as const),
    ),
  );
  const skus = new Map<string, string>([
    ...(parts.droplets?.value ?? []).map(({ id, sizeSlug }) => [id, sizeSlug] as const),
    ...(parts.databases?.value ?? []).map(
      ({ id, engine, size, nodes }) => [id, `${engine} ${nodes} x ${size}`] as const,
    ),
    ...(parts.loadBalancers?.value ?? []).map(({ id, type, sizeUnit }) => [id, `${type} ${sizeUnit}`] as const),
    ...(parts.volumes?.value ?? []).map(({ id, sizeGib }) => [id, `${sizeGib} GiB`] as const),
    ...(parts.snapshots?.value ?? []).map(({ id, sizeGib }) => [id, `${sizeGib} GiB`] as const),
  ]);
  return priceInventory(inventory, book).map(
    ({ resourceType, id, name, region, project, cluster, pool, price: { low, high, origin, basis, source } }) => ({
      id,
      name,
      kind: resourceType,
      sku: skus.get(id) ?? resourceType,
      region,
      project,
      cluster,
      pool,
      origin,
      basis,
      source,
      monthly: { low, high },
      createdAtMs: made.get(id),
    }),
  );
}
