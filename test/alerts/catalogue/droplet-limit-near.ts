import { dropletLimitNear } from '../../../alerts/catalogue/droplet-limit-near.ts';
import { proves } from '../scenario.ts';

const limit = 'digitalocean_account_droplet_limit{job="digitalocean-exporter"}';
const droplets = (count: number, exporter = 'e1') =>
  Object.fromEntries(
    Array.from({ length: count }, (_none, id) => [
      `digitalocean_droplet_up{job="digitalocean-exporter", instance="${exporter}", id="${id}", name="n${id}", region="nyc1", size="c-32"}`,
      '1x100',
    ]),
  );
const firing = {
  labels: { severity: 'warning', owner: 'platform', service: 'digitalocean-exporter' },
  summary: 'The account may hardly have another Droplet',
  description: '92% of the Droplets of the account are used.',
  runbook_url: 'https://runbooks.gomeet.com/DropletLimitNear',
};

export const proof = proves(dropletLimitNear, {
  'it fires at more than nine tenths of the limit, each Droplet counted once': {
    interval: '1m',
    series: { [limit]: '25x100', ...droplets(23), ...droplets(23, 'e2') },
    expect: [
      { at: '14m', firing: [] },
      { at: '16m', firing: [firing] },
    ],
  },
  'it stays silent below that, and where the limit was not read': [
    { [limit]: '25x100', ...droplets(22) },
    droplets(25),
  ].map((series) => ({ interval: '1m', series, expect: [{ at: '60m', firing: [] }] })),
  'it stays silent without data': { interval: '1m', series: {}, expect: [{ at: '60m', firing: [] }] },
});
