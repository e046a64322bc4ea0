import { test } from 'node:test';
import { poolLimitsAboveDropletLimit } from '../../../alerts/catalogue/pool-limits-above-droplet-limit.ts';
import { scenario } from '../scenario.ts';

const limit = 'digitalocean_account_droplet_limit{job="digitalocean-exporter"}';
const pool = (name: string, exporter = 'e1') =>
  `digitalocean_node_pool_max_nodes{job="digitalocean-exporter", instance="${exporter}", cluster="gomeet", pool="${name}"}`;

test('it fires when the maximums together are above the limit, each pool counted once', async (t) => {
  await scenario(t, poolLimitsAboveDropletLimit, {
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
  });
});

test('it stays silent where the account allows as much, and where nobody knows the limit', async (t) => {
  for (const series of [{ [limit]: '25x100', [pool('sfu')]: '25x100' }, { [pool('sfu')]: '900x100' }])
    await scenario(t, poolLimitsAboveDropletLimit, { interval: '1m', series, expect: [{ at: '90m', firing: [] }] });
});
