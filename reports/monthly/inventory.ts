import type { Inventory } from '../../exporters/digitalocean/domain.ts';
import { billedThings } from '../cost/things.ts';
import type { MonthlyInput } from './input.ts';

/** Node pools as they stand; a pool that does not autoscale has its count as both limits. */
export function poolsOf(inventory: Inventory | undefined): MonthlyInput['pools'] {
  return (inventory?.parts.clusters?.value ?? []).flatMap(({ name: cluster, pools }) =>
    pools.map(({ name, size, count, autoScale, minNodes, maxNodes }) => ({
      cluster,
      name,
      size,
      minNodes: autoScale ? minNodes : count,
      maxNodes: autoScale ? maxNodes : count,
    })),
  );
}

/** Sizes and plans of what the account still has, by id. */
export function skuOf(inventory: Inventory | undefined): ReadonlyMap<string, string> {
  if (inventory === undefined) return new Map();
  return new Map(billedThings(inventory).map(({ id, sku }) => [id, sku]));
}

/** Ids of what is paid for and used by nobody now. */
export function unusedOf(inventory: Inventory | undefined): ReadonlySet<string> {
  const { volumes, reservedIps } = inventory?.parts ?? {};
  return new Set([
    ...(volumes?.value ?? []).filter(({ dropletIds }) => dropletIds.length === 0).map(({ id }) => id),
    ...(reservedIps?.value ?? []).filter(({ dropletId }) => dropletId === undefined).map(({ ip }) => ip),
  ]);
}
