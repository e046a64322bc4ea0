import { usd } from '../../kernel/money.ts';
import type { PriceBook } from './define.ts';

const cpuOptimised = "OpenCost's DigitalOcean provider: c family $0.125 an hour per 4 vCPU";
const generalKnowledge = 'generally quoted; to be read from the pricing page';
const thirdParty = 'third-party price lists, September 2026';

/** List prices as read on 2026-11-21, in USD without tax; `unconfirmed` ones are to be checked on the pricing page before money is planned with them. */
export const digitalOceanPrices: PriceBook = {
  asOf: '2026-11-21',
  currency: 'USD',
  billedHoursCap: 672,
  nodeSizes: [
    { slug: 'c-4', vcpus: 4, memoryGib: 8, hourly: usd(0.125), basis: 'published', source: cpuOptimised },
    { slug: 'c-8', vcpus: 8, memoryGib: 16, hourly: usd(0.25), basis: 'derived', source: cpuOptimised },
    { slug: 'c-16', vcpus: 16, memoryGib: 32, hourly: usd(0.5), basis: 'derived', source: cpuOptimised },
    {
      slug: 'c-32',
      vcpus: 32,
      memoryGib: 64,
      hourly: usd(1),
      basis: 'published',
      source: `${cpuOptimised}; $672 a month`,
    },
    {
      slug: 'c-32-intel',
      vcpus: 32,
      memoryGib: 64,
      hourly: usd(1.2976),
      basis: 'derived',
      source: "OpenCost's seed: premium Intel $0.1622 an hour per 4 vCPU",
    },
    {
      slug: 'c2-32vcpu-64gb',
      vcpus: 32,
      memoryGib: 64,
      hourly: usd(1.119),
      basis: 'published',
      source: "OpenCost's DigitalOcean provider",
    },
    {
      slug: 'g-16vcpu-64gb',
      vcpus: 16,
      memoryGib: 64,
      hourly: usd(0.75),
      basis: 'published',
      source: "OpenCost's DigitalOcean provider",
    },
    {
      slug: 's-4vcpu-8gb',
      vcpus: 4,
      memoryGib: 8,
      hourly: usd(0.07143),
      basis: 'published',
      source: "OpenCost's DigitalOcean provider: $48 a month",
    },
  ],
  monthly: [
    { item: 'control-plane-ha', unit: 'cluster', monthly: usd(40), basis: 'published', source: 'DOKS pricing' },
    {
      item: 'load-balancer-http',
      unit: 'node',
      monthly: usd(12),
      basis: 'published',
      source: 'OpenCost, $0.01786 an hour',
    },
    { item: 'load-balancer-network', unit: 'node', monthly: usd(15), basis: 'unconfirmed', source: thirdParty },
    {
      item: 'postgresql-16vcpu-64gb',
      unit: 'node',
      monthly: usd(1_130),
      basis: 'unconfirmed',
      source: 'not found; between $975 (linear from the basic plans) and $1,130',
    },
    {
      item: 'valkey-8vcpu-32gb',
      unit: 'node',
      monthly: usd(480),
      basis: 'unconfirmed',
      source: 'extrapolated from $15 for 1 GB',
    },
    { item: 'volume', unit: 'GiB', monthly: usd(0.1), basis: 'published', source: 'OpenCost' },
    {
      item: 'spaces',
      unit: 'subscription with 250 GiB and 1 TiB of transfer',
      monthly: usd(5),
      basis: 'unconfirmed',
      source: 'to be read from the pricing page',
    },
    {
      item: 'registry-professional',
      unit: 'registry',
      monthly: usd(20),
      basis: 'published',
      source: 'API specification, /v2/registry/options',
    },
    { item: 'snapshot', unit: 'GiB', monthly: usd(0.06), basis: 'unconfirmed', source: generalKnowledge },
    { item: 'reserved-ip', unit: 'idle address', monthly: usd(5), basis: 'unconfirmed', source: generalKnowledge },
  ],
  databases: [
    {
      engine: 'pg',
      slugPrefix: 'db-s-',
      lowPerGib: usd(15.15),
      highPerGib: usd(15.23),
      basis: 'derived',
      source: `${thirdParty}: $15.15, $30.45 and $60.90 for 1, 2 and 4 GB; linear above`,
    },
    {
      engine: 'pg',
      slugPrefix: '',
      lowPerGib: usd(15.15),
      highPerGib: usd(17.66),
      basis: 'unconfirmed',
      source: 'not found; from the basic plans per GB to $1,130 for 64 GB',
    },
    {
      engine: 'valkey',
      slugPrefix: '',
      lowPerGib: usd(15),
      highPerGib: usd(15),
      basis: 'unconfirmed',
      source: 'extrapolated from $15 for 1 GB',
    },
  ],
  transferPerGib: usd(0.01),
};
