import { defineMetrics, type Emitter } from './define.ts';

const emitter: Emitter = { kind: 'exporter', exporter: 'digitalocean' };
const gauge = <const Labels extends readonly string[]>(name: string, unit: string, help: string, labels: Labels) =>
  ({ name, type: 'gauge', unit, help, labels, emitter }) as const;

/** What `gomeet exporter digitalocean` says of an account: what runs, what it costs, and how much is left of each limit. Names follow digitalocean_exporter where the meaning is the same. */
export const digitalOceanMetrics = defineMetrics({
  accountBalance: gauge('digitalocean_account_balance', 'USD', 'What the account owes or has in credit.', []),
  monthToDateBalance: gauge(
    'digitalocean_month_to_date_balance',
    'USD',
    'Balance of the running month, credits taken off.',
    [],
  ),
  monthToDateUsage: gauge('digitalocean_month_to_date_usage', 'USD', 'What has been used in the running month.', []),
  balanceGenerated: gauge(
    'digitalocean_balance_generated_at',
    'seconds since the epoch',
    'When DigitalOcean worked out the balance.',
    [],
  ),
  monthToDateCost: gauge(
    'digitalocean_month_to_date_cost_usd',
    'USD',
    'The running month by product and project, from the items of the invoice preview.',
    ['product', 'project'],
  ),
  invoiceAmount: gauge(
    'digitalocean_invoice_amount_usd',
    'USD',
    'The last closed invoices by product, from their items.',
    ['period', 'product'],
  ),
  skuCost: gauge(
    'digitalocean_sku_daily_cost_usd',
    'USD',
    'The latest day of the billing insights by SKU: an estimate, the days do not add up to the invoice.',
    ['sku'],
  ),
  resourceCost: gauge(
    'digitalocean_resource_cost_usd_per_hour',
    'USD per hour',
    'What each resource costs an hour below the cap of 672 billed hours; the middle where the price is a range.',
    ['resource_type', 'id', 'name', 'region', 'project', 'cluster', 'pool', 'price_source'],
  ),
  costRange: gauge(
    'digitalocean_cost_usd_per_hour',
    'USD per hour',
    'What everything costs an hour: at least and at most, which differ by the prices that nobody knows.',
    ['bound'],
  ),
  unconfirmed: gauge(
    'digitalocean_unconfirmed_prices',
    'resources',
    'Resources whose price is to be confirmed (unconfirmed) or a range between others (unknown).',
    ['resource_type', 'basis'],
  ),
  dropletLimit: gauge(
    'digitalocean_account_droplet_limit',
    'droplets',
    'Most Droplets the account may have: a hard ceiling for every autoscaler.',
    [],
  ),
  dropletUp: gauge('digitalocean_droplet_up', 'boolean', '1 while the Droplet is active.', [
    'id',
    'name',
    'region',
    'size',
  ]),
  poolNodes: gauge('digitalocean_node_pool_nodes', 'nodes', 'Nodes of the pool.', ['cluster', 'pool', 'size']),
  poolMinNodes: gauge(
    'digitalocean_node_pool_min_nodes',
    'nodes',
    'Fewest nodes the autoscaler keeps; of pools that autoscale.',
    ['cluster', 'pool'],
  ),
  poolMaxNodes: gauge(
    'digitalocean_node_pool_max_nodes',
    'nodes',
    'Most nodes the autoscaler may add; of pools that autoscale.',
    ['cluster', 'pool'],
  ),
  poolAutoScale: gauge('digitalocean_node_pool_auto_scale', 'boolean', '1 for a pool that autoscales.', [
    'cluster',
    'pool',
  ]),
  poolNodePrice: gauge(
    'digitalocean_node_pool_node_usd_per_hour',
    'USD per hour',
    'What one more node of the pool costs, by the API; absent where the API does not list the size.',
    ['cluster', 'pool', 'size'],
  ),
  clusterInfo: gauge('digitalocean_kubernetes_cluster_info', 'boolean', '1 for each cluster.', [
    'cluster',
    'region',
    'version',
    'status',
    'ha',
  ]),
  databaseNodes: gauge('digitalocean_database_nodes', 'nodes', 'Nodes of the database, standby included.', [
    'id',
    'name',
    'engine',
    'size',
    'region',
  ]),
  databaseUp: gauge('digitalocean_database_status', 'boolean', '1 while the database is online.', ['id', 'name']),
  databaseStorage: gauge(
    'digitalocean_database_storage_bytes',
    'bytes',
    'Storage of the database, where the API says it.',
    ['id', 'name'],
  ),
  balancerDroplets: gauge('digitalocean_loadbalancer_droplets', 'droplets', 'Droplets behind the load balancer.', [
    'id',
    'name',
  ]),
  balancerUp: gauge('digitalocean_loadbalancer_status', 'boolean', '1 while the load balancer is active.', [
    'id',
    'name',
  ]),
  balancerConnections: gauge(
    'digitalocean_loadbalancer_connections',
    'connections',
    'Connections of the load balancer now.',
    ['id'],
  ),
  balancerConnectionLimit: gauge(
    'digitalocean_loadbalancer_connections_limit',
    'connections',
    'Most connections the load balancer takes.',
    ['id'],
  ),
  volumeSize: gauge(
    'digitalocean_volume_size_bytes',
    'bytes',
    'Size of the volume; attached is no where it is paid for and unused.',
    ['id', 'name', 'region', 'attached'],
  ),
  snapshotSize: gauge('digitalocean_snapshot_size_bytes', 'bytes', 'Size of all snapshots of a kind.', [
    'resource_type',
  ]),
  snapshots: gauge('digitalocean_snapshots', 'snapshots', 'Snapshots of a kind.', ['resource_type']),
  registryStorage: gauge('digitalocean_registry_storage_bytes', 'bytes', 'Storage the registry uses.', ['tier']),
  registryIncluded: gauge('digitalocean_registry_included_bytes', 'bytes', 'Storage the subscription includes.', [
    'tier',
  ]),
  registryUntagged: gauge(
    'digitalocean_registry_untagged_bytes',
    'bytes',
    'Compressed size of the manifests that no tag names: the most that garbage collection frees.',
    ['repository'],
  ),
  imagePushed: gauge(
    'digitalocean_registry_image_pushed_timestamp_seconds',
    'seconds since the epoch',
    'When an image was pushed, under each name by which a pod may ask for it; the newest 200 of a repository.',
    ['image'],
  ),
  reservedIps: gauge(
    'digitalocean_reserved_ips',
    'addresses',
    'Reserved addresses; those without a Droplet are billed.',
    ['region', 'assigned'],
  ),
  certificateExpiry: gauge(
    'digitalocean_certificate_expiry_timestamp_seconds',
    'seconds since the epoch',
    'When the certificate ends.',
    ['id', 'name'],
  ),
  domains: gauge('digitalocean_domains', 'zones', 'DNS zones; none is named.', []),
  spacesBuckets: gauge(
    'digitalocean_spaces_buckets',
    'buckets',
    'Buckets that Spaces keys are granted; their sizes are not in this API.',
    [],
  ),
  transferPool: gauge(
    'digitalocean_transfer_pool_bytes',
    'bytes',
    'Outbound transfer that the Droplets there are will have earned the team by the end of the month.',
    [],
  ),
  transferUsed: gauge(
    'digitalocean_transfer_used_bytes',
    'bytes',
    'Outbound public traffic this month of the Droplets seen since the exporter started; a lower bound where others have gone before.',
    [],
  ),
  transferProjected: gauge(
    'digitalocean_transfer_projected_bytes',
    'bytes',
    'What the month will have used at the pace so far.',
    [],
  ),
  transferOverage: gauge(
    'digitalocean_transfer_projected_overage_usd',
    'USD',
    'What the projected transfer above the pool will cost.',
    [],
  ),
});
