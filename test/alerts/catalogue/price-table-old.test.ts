import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxPriceAgeSeconds, priceTableOld } from '../../../alerts/catalogue/price-table-old.ts';
import { bookAgeSeconds } from '../../../model/prices.ts';
import { scenario } from '../scenario.ts';

const age = 'digitalocean_exporter_price_table_age_seconds{job="digitalocean-exporter", instance="e1"}';

test('it fires once the prices are more than 120 days old', async (t) => {
  await scenario(t, priceTableOld, {
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
  });
});

test('it stays silent for a fresh book, and without data', async (t) => {
  await scenario(t, priceTableOld, { series: { [age]: '86400+15x600' }, expect: [{ at: '2h', firing: [] }] });
  await scenario(t, priceTableOld, { series: {}, expect: [{ at: '2h', firing: [] }] });
});

test('the age counts from the day of the book, in UTC', () => {
  assert.equal(bookAgeSeconds(Date.UTC(2026, 10, 22, 1)), 90_000);
});
