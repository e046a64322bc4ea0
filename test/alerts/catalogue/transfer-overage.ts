import { transferOverage } from '../../../alerts/catalogue/transfer-overage.ts';
import { proves } from '../scenario.ts';

const overage = 'digitalocean_transfer_projected_overage_usd{job="digitalocean-exporter", instance="e1"}';
const firing = (dollars: string) => ({
  labels: { severity: 'warning', owner: 'platform', service: 'digitalocean-exporter' },
  summary: 'Outbound traffic will cost far more than the transfer pool holds',
  description: `At the pace so far ${dollars} dollars will be billed on top.`,
  runbook_url: 'https://runbooks.gomeet.com/TransferOverage',
});

export const proof = proves(transferOverage, {
  'it fires once six hours agree that a tenth of the budget goes to traffic': {
    interval: '1m',
    series: { [overage]: '12000x500' },
    expect: [
      { at: '359m', firing: [] },
      { at: '361m', firing: [firing('12k')] },
    ],
  },
  'it fires for a little more than a tenth': {
    interval: '1m',
    series: { [overage]: '3600x500' },
    expect: [{ at: '480m', firing: [firing('3.6k')] }],
  },
  'it stays silent below, when the pool holds everything, and without data': [
    { [overage]: '3400x500' },
    { [overage]: '0x500' },
    {},
  ].map((series) => ({ interval: '1m', series, expect: [{ at: '480m', firing: [] }] })),
  'it stays silent for a busy morning that the pace of the day takes back': {
    interval: '1m',
    series: { [overage]: '12000x300 1000x200' },
    expect: [{ at: '480m', firing: [] }],
  },
});
