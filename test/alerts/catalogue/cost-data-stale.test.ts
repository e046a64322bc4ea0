import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costDataStale } from '../../../alerts/catalogue/cost-data-stale.ts';
import { type Firing, scenario } from '../scenario.ts';

const success = (collector: string) =>
  `digitalocean_exporter_last_success_timestamp_seconds{job="digitalocean-exporter", collector="${collector}"}`;
const up = 'up{job="digitalocean-exporter", instance="e1"}';
const stale = (collector: string): Firing => ({
  labels: { severity: 'warning', owner: 'platform', service: 'digitalocean-exporter', collector },
  summary: 'What the DigitalOcean account holds and costs is no longer read',
  description: `Collector ${collector} has read nothing for over an hour: its costs and limits are not watched.`,
  runbook_url: 'https://runbooks.gomeet.com/CostDataStale',
});

test('it fires for the part that was not read for an hour, and for that one only', async (t) => {
  await scenario(t, costDataStale, {
    series: { [up]: '1x400', [success('clusters')]: '0x400', [success('balance')]: '0+15x400' },
    expect: [
      { at: '74m', firing: [] },
      { at: '76m', firing: [stale('clusters')] },
    ],
  });
});

test('it fires when an exporter that was there answers no more, or is gone', async (t) => {
  for (const series of ['1x20 0x200', '1x20 _x200'])
    await scenario(t, costDataStale, {
      series: { [up]: series },
      expect: [
        { at: '15m', firing: [] },
        { at: '30m', firing: [stale('exporter')] },
      ],
    });
});

test('it stays silent where no exporter was ever there, and while it is replaced', async (t) => {
  await scenario(t, costDataStale, { series: {}, expect: [{ at: '1h', firing: [] }] });
  await scenario(t, costDataStale, { series: { [up]: '1x20 0x20 1x200' }, expect: [{ at: '20m', firing: [] }] });
});

test('it stays silent for parts that are read four times a day', async (t) => {
  await scenario(t, costDataStale, {
    series: { [up]: '1x400', [success('sizes')]: '0x400' },
    expect: [{ at: '90m', firing: [] }],
  });
});

test('it restarts nothing but the exporter, and only when a person agrees', () => {
  assert.deepEqual(costDataStale.runbook.mitigation[0]?.params, { workload: 'digitalocean-exporter' });
  assert.equal(costDataStale.response.mode, 'suggest');
});
