import type { NodeSize } from '../../model/prices.ts';

/** A size as GET /v2/sizes lists it. */
export function nodeSizeBody(size: NodeSize) {
  const hourlyUsd = size.hourly / 1_000_000;
  return {
    slug: size.slug,
    vcpus: size.vcpus,
    memory: size.memoryGib * 1_024,
    disk: 200,
    transfer: 9,
    price_hourly: hourlyUsd,
    price_monthly: Math.round(hourlyUsd * 672 * 100) / 100,
    regions: ['fra1', 'nyc1'],
    available: true,
    description: 'CPU-Optimized',
  };
}

/** What GET /v2/databases/options offers. */
export const databasePlans = {
  pg: {
    layouts: [1, 2, 3].map((num_nodes) => ({
      num_nodes,
      sizes: ['db-s-1vcpu-2gb', 'db-s-2vcpu-4gb', 'db-s-4vcpu-8gb', 'gd-16vcpu-64gb'],
    })),
  },
  valkey: {
    layouts: [1, 2, 3].map((num_nodes) => ({
      num_nodes,
      sizes: ['db-s-1vcpu-2gb', 'db-s-2vcpu-4gb', 'db-s-8vcpu-32gb'],
    })),
  },
};
