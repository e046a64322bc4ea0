import { poolLimitsAboveDropletLimit } from '../../../alerts/catalogue/pool-limits-above-droplet-limit.ts';
import { proves } from '../scenario.ts';

const limit = 'digitalocean_account_droplet_limit{job="digitalocean-exporter"}';
const pool = (name: string, exporter = 'e1') =>
  `digitalocean_node_pool_max_nodes{job="digitalocean-exporter", instance="${exporter}", cluster="gomeet", pool="${name}"}`;

export const proof = proves(poolLimitsAboveDropletLimit, {
  'it fires when the maximums together are above the limit, each pool counted once': {
    interval: '1m',
    series: { [limit]: '25x100', [pool('sfu')]: '20x100', [pool('sfu', 'e2')]: '20x100', [pool('apps')]: '10x100' },
    expect: [
      { at: '59m', firing: [] },
      {
        at: '61m',
        firing: [
          {
            labels: { severity: 'info', owner: 'platform', service: 'digitalocean-exporter' },
            summary: 'Node pools may grow further than the account allows',
            description: 'The maximums come to 120% of the Droplets that the account may have.',
            runbook_url: 'https://runbooks.gomeet.com/PoolLimitsAboveDropletLimit',
          },
        ],
      },
    ],
  },
  'it stays silent where the account allows as much, and where nobody knows the limit': [
    { [limit]: '25x100', [pool('sfu')]: '25x100' },
    { [pool('sfu')]: '900x100' },
  ].map((series) => ({ interval: '1m', series, expect: [{ at: '90m', firing: [] }] })),
  'it stays silent without data': { interval: '1m', series: {}, expect: [{ at: '90m', firing: [] }] },
});
