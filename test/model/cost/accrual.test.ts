import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usd } from '../../../kernel/money.ts';
import {
  accrue,
  byDay,
  coveredHours,
  monthBefore,
  monthOf,
  monthPeriod,
  type ResourceHistory,
} from '../../../model/cost/accrual.ts';

const october = monthPeriod('2026-10');
const hourMs = 3_600_000;
const at = (hour: number) => october.fromMs + hour * hourMs;
const thing = (other: Partial<ResourceHistory>): ResourceHistory => ({
  id: 'x',
  name: 'x',
  kind: 'droplet',
  region: 'nyc1',
  project: undefined,
  cluster: undefined,
  pool: undefined,
  origin: 'api',
  perHour: [],
  ...other,
});
const node = (id: string, from: number, until: number, dollars = 1): ResourceHistory =>
  thing({ id, cluster: 'c', pool: 'sfu', perHour: [[at(from), at(until), usd(dollars)]] });
const total = (resources: readonly ResourceHistory[]) =>
  accrue(resources, october, 672).reduce((sum, { cost }) => sum + cost, 0);

test('what ran all month costs 672 hours, not 744', () => {
  assert.equal(total([thing({ perHour: [[at(0), at(744), usd(1)]] })]), usd(672));
  assert.equal(total([node('a', 0, 744)]), usd(672));
});

test('what ran for less is paid by the hour, within the month alone', () => {
  assert.equal(total([node('a', -100, 10)]), usd(10));
  assert.equal(total([node('a', 740, 900)]), usd(4));
});

test('a pool is capped as a pool: nodes that replace each other pay for its 28 dearest days', () => {
  // A new node every day, as an autoscaler makes them: none runs for 672 hours, the pool does.
  const daily = Array.from({ length: 31 }, (_none, day) => node(`n${day}`, day * 24, day * 24 + 24));
  // Each of 31 nodes is rounded to a micro-dollar of its own.
  assert.ok(Math.abs(total(daily) - usd(672)) < 31);
  // Two more nodes on three days: those days are among the dearest.
  const peak = [5, 6, 7].flatMap((day) => [
    node(`p${day}`, day * 24, day * 24 + 24),
    node(`q${day}`, day * 24, day * 24 + 24),
  ]);
  assert.ok(Math.abs(total([...daily, ...peak]) - usd(672 + 6 * 24)) < 37);
});

test('a price that changes within the month counts from when it changed', () => {
  const repriced = thing({
    perHour: [
      [at(0), at(100), usd(1)],
      [at(100), at(200), usd(2)],
    ],
  });
  assert.equal(total([repriced]), usd(300));
});

const histories = fc.array(
  fc.record({
    id: fc.uuid(),
    pool: fc.option(fc.constantFrom('sfu', 'api'), { nil: undefined }),
    from: fc.integer({ min: -100, max: 743 }),
    hours: fc.integer({ min: 1, max: 800 }),
    cents: fc.integer({ min: 0, max: 10_000 }),
  }),
  { maxLength: 12 },
);
const made = (list: readonly { id: string; pool: string | undefined; from: number; hours: number; cents: number }[]) =>
  list.map(({ id, pool, from, hours, cents }) =>
    thing({ id, cluster: 'c', pool, perHour: [[at(from), at(from + hours), usd(cents / 100)]] }),
  );

test('days sum to the resource and resources to the month; nothing is negative; the cap holds', () => {
  fc.assert(
    fc.property(histories, (list) => {
      const accrued = accrue(made(list), october, 672);
      for (const one of accrued) {
        assert.equal(
          one.days.reduce((sum, day) => sum + day, 0),
          one.cost,
        );
        assert.ok(one.days.every((day) => day >= 0) && one.billedHours <= one.hours + 1e-6);
        if (one.pool === undefined) assert.ok(one.billedHours <= 672 + 1e-6);
      }
      const days = byDay(accrued, 31).reduce((sum, day) => sum + day, 0);
      assert.equal(
        days,
        accrued.reduce((sum, { cost }) => sum + cost, 0),
      );
    }),
  );
});

test('more hours never cost less, and a cap never more than no cap', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 300 }), (list, more) => {
      const longer = list.map((one) => ({ ...one, hours: one.hours + more }));
      // A micro-dollar each is what rounding may take.
      assert.ok(total(made(longer)) + list.length >= total(made(list)));
      const free = accrue(made(list), october, Number.POSITIVE_INFINITY).reduce((sum, { cost }) => sum + cost, 0);
      assert.ok(free + list.length >= total(made(list)));
    }),
  );
});

test('months follow each other, in UTC, whatever the machine’s zone', () => {
  assert.equal(monthBefore('2026-01'), '2025-12');
  assert.equal(monthOf(Date.UTC(2026, 9, 31, 23, 59)), '2026-10');
  assert.throws(() => monthPeriod('2026-13'), RangeError);
  assert.equal(coveredHours([[at(10), at(20), 5]], october), 10);
});
