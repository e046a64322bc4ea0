import { costDataStale } from '../../../alerts/catalogue/cost-data-stale.ts';
import { type Firing, proves } from '../scenario.ts';

const success = (collector: string) =>
  `digitalocean_exporter_last_success_timestamp_seconds{job="digitalocean-exporter", collector="${collector}"}`;
const up = 'up{job="digitalocean-exporter", instance="e1"}';
const stale = (collector: string): Firing => ({
  labels: { severity: 'warning', owner: 'platform', service: 'digitalocean-exporter', collector },
  summary: 'What the DigitalOcean account holds and costs is no longer read',
  description: `Collector ${collector} has read nothing for over an hour: its costs and limits are not watched.`,
  runbook_url: 'https://runbooks.gomeet.com/CostDataStale',
});

export const proof = proves(costDataStale, {
  'it fires for the part that was not read for an hour, and for that one only': {
    series: { [up]: '1x400', [success('clusters')]: '0x400', [success('balance')]: '0+15x400' },
    expect: [
      { at: '74m', firing: [] },
      { at: '76m', firing: [stale('clusters')] },
    ],
  },
  'it fires when an exporter that was there answers no more, or is gone': ['1x20 0x200', '1x20 _x200'].map(
    (values) => ({
      series: { [up]: values },
      expect: [
        { at: '15m', firing: [] },
        { at: '30m', firing: [stale('exporter')] },
      ],
    }),
  ),
  'it stays silent where no exporter was ever there, and while it is replaced': [
    { series: {}, expect: [{ at: '1h', firing: [] }] },
    { series: { [up]: '1x20 0x20 1x200' }, expect: [{ at: '20m', firing: [] }] },
  ],
  'it stays silent for parts that are read four times a day': {
    series: { [up]: '1x400', [success('sizes')]: '0x400' },
    expect: [{ at: '90m', firing: [] }],
  },
});
