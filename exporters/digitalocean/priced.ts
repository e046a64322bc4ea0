import { type MicroUsd, sumUsd, timesUsd } from '../../kernel/money.ts';
import type { ResourceKind } from '../../model/cost/lines.ts';
import {
  apiPrice,
  bookPrice,
  databasePrice,
  dropletPrice,
  hourlyShare,
  loadBalancerPrice,
  type Price,
  tieredMonthly,
} from '../../model/prices/resources.ts';
import { type PriceBook, prices } from '../../model/prices.ts';
import type { Inventory, Registry } from './domain.ts';

/** One thing that is billed, with what it costs in a full month and where that figure comes from. */
export interface PricedResource {
  readonly resourceType: ResourceKind;
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** Undefined where projects were not read or none holds it. */
  readonly project: string | undefined;
  readonly cluster: string | undefined;
  readonly pool: string | undefined;
  readonly price: Price;
  /** An hour's share of the middle of the price's range. */
  readonly hourly: MicroUsd;
}

const gib = 1_024 ** 3;

/** Everything of the inventory that is billed; parts that are absent are absent here as well and stand in the inventory's gaps. */
export function priceInventory({ parts }: Inventory, book: PriceBook = prices): readonly PricedResource[] {
  const projects = new Map(
    parts.projects?.value.flatMap(({ name, resources }) => resources.map((urn) => [urn.toLowerCase(), name] as const)),
  );
  const projectOf = (urn: string) => projects.get(urn.toLowerCase());
  const hourly = new Map(parts.sizes?.value.map((size) => [size.slug, size.hourly]));
  const clusters = parts.clusters?.value ?? [];
  const places = new Map(
    clusters.flatMap((cluster) =>
      cluster.pools.flatMap((pool) => pool.dropletIds.map((id) => [id, { cluster, pool: pool.name }] as const)),
    ),
  );
  const clusterOf = (tags: readonly string[]) => clusters.find(({ id }) => tags.includes(`k8s:${id}`));

  const one = (
    resourceType: ResourceKind,
    thing: { id: string; name: string; region?: string | undefined },
    price: Price,
    place: { project?: string | undefined; cluster?: string | undefined; pool?: string | undefined } = {},
  ): PricedResource => ({
    resourceType,
    id: thing.id,
    name: thing.name,
    region: thing.region ?? 'unknown',
    project: place.project,
    cluster: place.cluster,
    pool: place.pool,
    price,
    hourly: hourlyShare(book, timesUsd(sumUsd([price.low, price.high]), 0.5)),
  });

  return [
    ...(parts.droplets?.value ?? []).map((droplet) => {
      const place = places.get(droplet.id);
      const cluster = place?.cluster ?? clusterOf(droplet.tags);
      return one('droplet', droplet, dropletPrice(book, droplet.sizeSlug, hourly.get(droplet.sizeSlug)), {
        // Workers belong to the project of their cluster.
        project: projectOf(cluster === undefined ? `do:droplet:${droplet.id}` : `do:kubernetes:${cluster.id}`),
        cluster: cluster?.name,
        pool: place?.pool,
      });
    }),
    ...clusters
      .filter(({ ha }) => ha)
      .map((cluster) =>
        one('control_plane', cluster, bookPrice(book, 'control-plane-ha', 1), {
          project: projectOf(`do:kubernetes:${cluster.id}`),
          cluster: cluster.name,
        }),
      ),
    ...(parts.databases?.value ?? []).map((database) =>
      one('database', database, databasePrice(book, database), { project: projectOf(`do:dbaas:${database.id}`) }),
    ),
    ...(parts.loadBalancers?.value ?? []).map((balancer) =>
      one('load_balancer', balancer, loadBalancerPrice(book, balancer.type, balancer.sizeUnit), {
        project: projectOf(`do:loadbalancer:${balancer.id}`),
      }),
    ),
    ...(parts.volumes?.value ?? []).map((volume) =>
      one('volume', volume, bookPrice(book, 'volume', volume.sizeGib), {
        project: projectOf(`do:volume:${volume.id}`),
        cluster: clusterOf(volume.tags)?.name,
      }),
    ),
    ...(parts.snapshots?.value ?? []).map((snapshot) =>
      one('snapshot', { ...snapshot, region: snapshot.regions[0] }, bookPrice(book, 'snapshot', snapshot.sizeGib)),
    ),
    ...[parts.registry?.value]
      .filter((registry) => registry !== undefined)
      .map((registry) => one('registry', { id: 'registry', name: registry.tier }, registryPrice(registry))),
    ...(parts.reservedIps?.value ?? [])
      .filter(({ dropletId }) => dropletId === undefined)
      .map(({ ip, region }) =>
        one('reserved_ip', { id: ip, name: ip, region }, bookPrice(book, 'reserved-ip', 1), {
          project: projectOf(`do:reservedip:${ip}`),
        }),
      ),
    // One subscription for the team, however many buckets; their sizes are not in this API.
    ...((parts.spacesKeys?.value.length ?? 0) === 0
      ? []
      : [one('spaces', { id: 'spaces', name: 'subscription' }, bookPrice(book, 'spaces', 1))]),
  ];
}

/** The registry's month, with what is stored above its plan; 0 bytes where nobody knows. */
export function registryPrice({
  monthly,
  includedStorageBytes,
  storageOverage,
  storageUsedBytes,
}: Pick<Registry, 'monthly' | 'includedStorageBytes' | 'storageOverage' | 'storageUsedBytes'>): Price {
  const tier = { monthly, includedGib: includedStorageBytes / gib, overagePerGib: storageOverage };
  return apiPrice(tieredMonthly(tier, (storageUsedBytes ?? 0) / gib));
}
