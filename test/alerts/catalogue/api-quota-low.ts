import { apiQuotaLow } from '../../../alerts/catalogue/api-quota-low.ts';
import { proves } from '../scenario.ts';

const left = 'digitalocean_exporter_api_ratelimit_remaining{job="digitalocean-exporter", instance="e1"}';
const limit = 'digitalocean_exporter_api_ratelimit_limit{job="digitalocean-exporter", instance="e1"}';

export const proof = proves(apiQuotaLow, {
  'it fires when less than a tenth of the hour is left for ten minutes': {
    series: { [left]: '450x100', [limit]: '5000x100' },
    expect: [
      { at: '9m', firing: [] },
      {
        at: '11m',
        firing: [
          {
            labels: { severity: 'warning', owner: 'platform', service: 'digitalocean-exporter' },
            summary: 'The quota of DigitalOcean API calls is nearly spent',
            description: '9% of the calls of an hour are left.',
            runbook_url: 'https://runbooks.gomeet.com/ApiQuotaLow',
          },
        ],
      },
    ],
  },
  'it stays silent while enough is left, for a short dip, and without data': [
    {
      series: { [left]: '550x100', [limit]: '5000x100' },
      expect: [{ at: '20m', firing: [] }],
    },
    {
      series: { [left]: '4000x4 100x20 4000x80', [limit]: '5000x104' },
      expect: [
        { at: '8m', firing: [] },
        { at: '20m', firing: [] },
      ],
    },
    { series: {}, expect: [{ at: '20m', firing: [] }] },
  ],
});
