import { digitalOceanMetrics as metrics } from '../metrics/digitalocean.ts';
import type { Inventory } from './domain.ts';
import type { AddGauge } from './gauges.ts';

const gib = 1_024 ** 3;
const mib = 1_024 ** 2;

/** What runs in the account, and its limits. A part that was not read gives no series. */
export function describeAccount({ parts }: Inventory, add: AddGauge): void {
  if (parts.account !== undefined) add(metrics.dropletLimit).set(parts.account.value.dropletLimit);
  describeCompute(parts, add);
  describeServices(parts, add);
  describeStorage(parts, add);
  const certificates = add(metrics.certificateExpiry);
  for (const { id, name, notAfterMs } of parts.certificates?.value ?? [])
    if (notAfterMs !== undefined) certificates.set({ id, name }, notAfterMs / 1_000);
  if (parts.domains !== undefined) add(metrics.domains).set(parts.domains.value.length);
  if (parts.spacesKeys !== undefined)
    add(metrics.spacesBuckets).set(new Set(parts.spacesKeys.value.flatMap(({ buckets }) => buckets)).size);
}

function describeCompute({ droplets, clusters, sizes }: Inventory['parts'], add: AddGauge): void {
  const up = add(metrics.dropletUp);
  for (const { id, name, region, sizeSlug, status } of droplets?.value ?? [])
    up.set({ id, name, region, size: sizeSlug }, status === 'active' ? 1 : 0);
  const info = add(metrics.clusterInfo);
  const nodes = add(metrics.poolNodes);
  const minNodes = add(metrics.poolMinNodes);
  const maxNodes = add(metrics.poolMaxNodes);
  const autoScale = add(metrics.poolAutoScale);
  const price = add(metrics.poolNodePrice);
  for (const { name: cluster, region, version, status, ha, pools } of clusters?.value ?? []) {
    info.set({ cluster, region, version, status, ha: ha ? 'yes' : 'no' }, 1);
    for (const pool of pools) {
      const at = { cluster, pool: pool.name };
      nodes.set({ ...at, size: pool.size }, pool.count);
      autoScale.set(at, pool.autoScale ? 1 : 0);
      if (pool.autoScale) {
        minNodes.set(at, pool.minNodes);
        maxNodes.set(at, pool.maxNodes);
      }
      const size = sizes?.value.find(({ slug }) => slug === pool.size);
      if (size !== undefined) price.set({ ...at, size: pool.size }, size.hourly / 1e6);
    }
  }
}

function describeServices({ databases, loadBalancers, loads }: Inventory['parts'], add: AddGauge): void {
  const databaseNodes = add(metrics.databaseNodes);
  const databaseUp = add(metrics.databaseUp);
  const databaseStorage = add(metrics.databaseStorage);
  for (const { id, name, engine, size, region, nodes, status, storageMib } of databases?.value ?? []) {
    databaseNodes.set({ id, name, engine, size, region }, nodes);
    databaseUp.set({ id, name }, status === 'online' ? 1 : 0);
    if (storageMib !== undefined) databaseStorage.set({ id, name }, storageMib * mib);
  }
  const behind = add(metrics.balancerDroplets);
  const balancerUp = add(metrics.balancerUp);
  for (const { id, name, dropletIds, status } of loadBalancers?.value ?? []) {
    behind.set({ id, name }, dropletIds.length);
    balancerUp.set({ id, name }, status === 'active' ? 1 : 0);
  }
  const connections = add(metrics.balancerConnections);
  const limit = add(metrics.balancerConnectionLimit);
  for (const load of loads?.value ?? []) {
    if (load.connections !== undefined) connections.set({ id: load.id }, load.connections);
    if (load.connectionLimit !== undefined) limit.set({ id: load.id }, load.connectionLimit);
  }
}

function describeStorage(parts: Inventory['parts'], add: AddGauge): void {
  const { volumes, snapshots, registry, repositories, reservedIps } = parts;
  const volumeSize = add(metrics.volumeSize);
  for (const { id, name, region, sizeGib, dropletIds } of volumes?.value ?? [])
    volumeSize.set({ id, name, region, attached: dropletIds.length > 0 ? 'yes' : 'no' }, sizeGib * gib);
  const snapshotSize = add(metrics.snapshotSize);
  const snapshotCount = add(metrics.snapshots);
  for (const { resourceType: resource_type, sizeGib } of snapshots?.value ?? []) {
    snapshotSize.inc({ resource_type }, sizeGib * gib);
    snapshotCount.inc({ resource_type });
  }
  const stored = add(metrics.registryStorage);
  const included = add(metrics.registryIncluded);
  if (registry?.value !== undefined) {
    const { tier, includedStorageBytes, storageUsedBytes } = registry.value;
    included.set({ tier }, includedStorageBytes);
    if (storageUsedBytes !== undefined) stored.set({ tier }, storageUsedBytes);
  }
  const untagged = add(metrics.registryUntagged);
  for (const { name: repository, untaggedBytes } of repositories?.value ?? [])
    untagged.set({ repository }, untaggedBytes);
  const pushed = add(metrics.imagePushed);
  const named = registry?.value?.name;
  // Without the registry's own name no pod's image would be found again.
  for (const { name: repository, images } of named === undefined ? [] : (repositories?.value ?? []))
    for (const { tags, digest, pushedAtMs } of images)
      for (const version of [...tags.map((tag) => `:${tag}`), `@${digest}`])
        pushed.set({ image: `registry.digitalocean.com/${named}/${repository}${version}` }, pushedAtMs / 1_000);
  const addresses = add(metrics.reservedIps);
  for (const { region, dropletId } of reservedIps?.value ?? [])
    addresses.inc({ region, assigned: dropletId === undefined ? 'no' : 'yes' });
}
