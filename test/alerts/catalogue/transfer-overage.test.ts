import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxOverageUsd, transferOverage } from '../../../alerts/catalogue/transfer-overage.ts';
import { scenario } from '../scenario.ts';

const overage = 'digitalocean_transfer_projected_overage_usd{job="digitalocean-exporter", instance="e1"}';
const firing = {
  labels: { severity: 'warning', owner: 'platform', service: 'digitalocean-exporter' },
  summary: 'Outbound traffic will cost far more than the transfer pool holds',
  description: 'At the pace so far 12k dollars will be billed on top.',
  runbook_url: 'https://runbooks.gomeet.com/TransferOverage',
};

test('it fires once six hours agree that a tenth of the budget goes to traffic', async (t) => {
  await scenario(t, transferOverage, {
    interval: '1m',
    series: { [overage]: '12000x500' },
    expect: [
      { at: '359m', firing: [] },
      { at: '361m', firing: [firing] },
    ],
  });
});

test('it stays silent below, when the pool holds everything, and without data', async (t) => {
  for (const series of [{ [overage]: '3400x500' }, { [overage]: '0x500' }, {}])
    await scenario(t, transferOverage, { interval: '1m', series, expect: [{ at: '480m', firing: [] }] });
});

test('it stays silent for a busy morning that the pace of the day takes back', async (t) => {
  await scenario(t, transferOverage, {
    interval: '1m',
    series: { [overage]: '12000x300 1000x200' },
    expect: [{ at: '480m', firing: [] }],
  });
});

test('it is a tenth of the budget', () => assert.equal(maxOverageUsd, 3_500));
