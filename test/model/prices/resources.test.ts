import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usd } from '../../../kernel/money.ts';
import {
  bookPrice,
  databasePrice,
  dropletPrice,
  hourlyShare,
  loadBalancerPrice,
  tieredMonthly,
} from '../../../model/prices/resources.ts';
import { prices } from '../../../model/prices.ts';

test('no price is zero, negative or upside down, whatever DigitalOcean names', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 9 }), (engine, size, nodes) => {
      for (const price of [
        databasePrice(prices, { engine, size, nodes }),
        databasePrice(prices, { engine: 'pg', size, nodes }),
        dropletPrice(prices, size, undefined),
        loadBalancerPrice(prices, engine, nodes),
      ]) {
        assert.ok(price.low > 0 && price.high >= price.low && price.source.length > 0);
        if (price.basis === 'unknown') assert.ok(price.high > price.low);
      }
    }),
  );
});

test("the API's price wins over the book's, and a month is capped at 672 hours", () => {
  assert.deepEqual(
    [dropletPrice(prices, 'c-32', usd(2)).low, dropletPrice(prices, 'c-32', undefined).low],
    [usd(1_344), usd(672)],
  );
});

test('the documented databases are a range: three large PostgreSQL nodes, three large Valkey ones', () => {
  const pg = databasePrice(prices, { engine: 'pg', size: 'gd-16vcpu-64gb', nodes: 3 });
  assert.deepEqual([pg.low, pg.high, pg.basis], [usd(2_908.8), usd(3_390.72), 'unconfirmed']);
  assert.equal(databasePrice(prices, { engine: 'valkey', size: 'db-s-8vcpu-32gb', nodes: 3 }).low, usd(1_440));
});

test('more units never cost less, and parts of a tier start above what is included', () => {
  const tier = { monthly: usd(20), includedGib: 100, overagePerGib: usd(0.02) };
  assert.deepEqual(
    [tieredMonthly(tier, 0), tieredMonthly(tier, 100), tieredMonthly(tier, 150)],
    [usd(20), usd(20), usd(21)],
  );
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (units, more) => {
        assert.ok(bookPrice(prices, 'volume', units + more).low >= bookPrice(prices, 'volume', units).low);
        assert.ok(tieredMonthly(tier, units + more) >= tieredMonthly(tier, units));
      },
    ),
  );
});

test('an item the book does not have, and an amount that is none, are refused', () => {
  assert.throws(() => bookPrice(prices, 'gold', 1), RangeError);
  for (const units of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => bookPrice(prices, 'volume', units), RangeError);
});

test("an hour of HA is a 672nd of the month's price", () => {
  assert.equal(hourlyShare(prices, usd(40)), usd(40 / 672));
});
