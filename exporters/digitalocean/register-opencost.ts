import type { PriceBook } from '../../model/prices.ts';
import type { Inventory } from './domain.ts';
import type { AddGauge } from './gauges.ts';
import { priceInventory } from './priced.ts';

const node = ['instance', 'node', 'instance_type', 'region', 'provider_id', 'arch'];
const opencost = (name: string, help: string, labels: readonly string[]) => ({ name, help, labels });

/** The same facts under OpenCost's names (opencost 1.11x), for dashboards that know those. A node's price is split evenly over its vCPU and GiB, as OpenCost's provider does. */
export function describeForOpenCost(inventory: Inventory, add: AddGauge, book: PriceBook): void {
  const total = add(opencost('node_total_hourly_cost', 'Price of the node an hour.', node));
  const cpu = add(opencost('node_cpu_hourly_cost', 'Price of a vCPU of the node an hour.', node));
  const ram = add(opencost('node_ram_hourly_cost', 'Price of a GiB of memory of the node an hour.', node));
  const volume = add(
    opencost('pv_hourly_cost', 'Price of a GiB of the volume an hour.', [
      'volumename',
      'persistentvolume',
      'provider_id',
    ]),
  );
  const cluster = add(
    opencost('kubecost_cluster_management_cost', 'Price of the control plane an hour.', ['provisioner_name']),
  );
  const { droplets, sizes, volumes } = inventory.parts;
  for (const { id, resourceType: kind, name, pool, hourly } of priceInventory(inventory, book)) {
    const hourlyUsd = hourly / 1e6;
    if (kind === 'control_plane') cluster.inc({ provisioner_name: 'DOKS' }, hourlyUsd);
    const held = kind === 'volume' ? volumes?.value.find((one) => one.id === id) : undefined;
    if (held !== undefined && held.sizeGib > 0)
      volume.set({ volumename: name, persistentvolume: name, provider_id: id }, hourlyUsd / held.sizeGib);
    const droplet = kind === 'droplet' && pool !== undefined ? droplets?.value.find((one) => one.id === id) : undefined;
    const size = sizes?.value.find(({ slug }) => slug === droplet?.sizeSlug);
    if (droplet === undefined || size === undefined) continue;
    const labels = {
      instance: name,
      node: name,
      instance_type: size.slug,
      region: droplet.region,
      provider_id: `digitalocean://${id}`,
      arch: 'amd64',
    };
    const unitUsd = hourlyUsd / (size.vcpus + size.memoryMib / 1_024);
    total.set(labels, hourlyUsd);
    cpu.set(labels, unitUsd);
    ram.set(labels, unitUsd);
  }
}
