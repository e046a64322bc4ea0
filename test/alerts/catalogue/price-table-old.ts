import { maxPriceAgeSeconds, priceTableOld } from '../../../alerts/catalogue/price-table-old.ts';
import { proves } from '../scenario.ts';

const age = 'digitalocean_exporter_price_table_age_seconds{job="digitalocean-exporter", instance="e1"}';

export const proof = proves(priceTableOld, {
  'it fires once the prices are more than 120 days old': {
    series: { [age]: `${maxPriceAgeSeconds - 1_800}+15x600` },
    expect: [
      { at: '85m', firing: [] },
      {
        at: '95m',
        firing: [
          {
            labels: { severity: 'info', owner: 'platform', service: 'digitalocean-exporter' },
            summary: 'The price book is old: databases, load balancers and volumes may cost something else',
            description: 'The prices were read 120d 1h 5m 0s ago.',
            runbook_url: 'https://runbooks.gomeet.com/PriceTableOld',
          },
        ],
      },
    ],
  },
  'it stays silent for a fresh book, and without data': [
    { series: { [age]: '86400+15x600' }, expect: [{ at: '2h', firing: [] }] },
    { series: {}, expect: [{ at: '2h', firing: [] }] },
  ],
});
