import { paidForUnused } from '../../../alerts/catalogue/paid-for-unused.ts';
import { proves } from '../scenario.ts';

const job = 'job="digitalocean-exporter"';
const cost = (type: string, id: string, exporter = 'e1') =>
  `digitalocean_resource_cost_usd_per_hour{${job}, instance="${exporter}", resource_type="${type}", id="${id}", name="${id}", region="nyc1", project="", cluster="", pool="", price_source="table"}`;
const volume = (id: string, attached: string) =>
  `digitalocean_volume_size_bytes{${job}, id="${id}", name="${id}", region="nyc1", attached="${attached}"}`;
const behind = (id: string) => `digitalocean_loadbalancer_droplets{${job}, id="${id}", name="${id}"}`;
const used = {
  [cost('volume', 'v1')]: '0.5x100',
  [volume('v1', 'yes')]: '1x100',
  [cost('load_balancer', 'lb')]: '0.5x100',
  [behind('lb')]: '6x100',
  [cost('droplet', 'd')]: '1x100',
};
const firing = (dollars: string) => ({
  labels: { severity: 'info', owner: 'platform', service: 'digitalocean-exporter' },
  summary: 'Something is paid for that nobody uses',
  description: `It costs ${dollars} dollars a month.`,
  runbook_url: 'https://runbooks.gomeet.com/PaidForUnused',
});

export const proof = proves(paidForUnused, {
  'it fires after three days for an idle volume, address and load balancer, each counted once': {
    interval: '1h',
    series: {
      [cost('volume', 'v1')]: '0.1x100',
      [cost('volume', 'v1', 'e2')]: '0.1x100',
      [volume('v1', 'no')]: '1x100',
      [cost('reserved_ip', 'ip')]: '0.01x100',
      [cost('load_balancer', 'lb')]: '0.02x100',
      [behind('lb')]: '0x100',
    },
    expect: [
      { at: '71h', firing: [] },
      { at: '73h', firing: [firing('87.36')] },
    ],
  },
  'it fires for a little more than small change': {
    interval: '1h',
    series: { [cost('reserved_ip', 'ip')]: '0.0164x100' },
    expect: [{ at: '90h', firing: [firing('11.02')] }],
  },
  'it stays silent for what is used, for small change, and without data': [
    used,
    { ...used, [cost('reserved_ip', 'ip')]: '0.0134x100' },
    {},
  ].map((series) => ({ interval: '1h', series, expect: [{ at: '90h', firing: [] }] })),
  'it stays silent for a volume that is between two pods for two days': {
    interval: '1h',
    series: {
      [cost('volume', 'v1')]: '0.5x100',
      [volume('v1', 'no')]: '1x48 _x52',
      [volume('v1', 'yes')]: '_x48 1x52',
    },
    expect: [{ at: '90h', firing: [] }],
  },
});
