import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLedger, plannedCallsPerHour, stretchOf } from '../../../exporters/digitalocean/budget.ts';
import { integrateMbps, transferPool } from '../../../exporters/digitalocean/transfer.ts';

const hourMs = 3_600_000;
const costs = fc.array(
  fc.record({ calls: fc.integer({ min: 1, max: 500 }), intervalMs: fc.integer({ min: 60_000, max: 6 * hourMs }) }),
);
const quotas = fc.option(fc.record({ limit: fc.constant(5_000), remaining: fc.integer({ min: 0, max: 5_000 }) }), {
  nil: undefined,
});

test('whatever the parts cost, the stretched plan keeps to the budget, and a plan that fits is left alone', () => {
  fc.assert(
    fc.property(costs, quotas, fc.integer({ min: 60, max: 5_000 }), (plan, quota, budget) => {
      const stretch = stretchOf(plan, budget, quota);
      assert.ok(plannedCallsPerHour(plan) / stretch <= 0.9 * budget + 1e-6);
      if (quota === undefined && plannedCallsPerHour(plan) <= 0.9 * budget) assert.equal(stretch, 1);
    }),
  );
});

test('no hour of any history holds more calls than the budget', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 120 }), async (gapsMs) => {
      let nowMs = 0;
      const clock = {
        now: () => nowMs,
        async sleep(ms: number) {
          nowMs += ms;
        },
      };
      const ledger = createLedger(clock, 20);
      const madeMs: number[] = [];
      for (const gapMs of gapsMs) {
        nowMs += gapMs;
        await ledger.take().then(
          () => madeMs.push(nowMs),
          () => undefined,
        );
      }
      for (const atMs of madeMs) assert.ok(madeMs.filter((one) => one > atMs - hourMs && one <= atMs).length <= 20);
    }),
    { numRuns: 50 },
  );
});

test('while the API has asked for quiet no call is allowed, and afterwards it is', async () => {
  let nowMs = 0;
  const ledger = createLedger({ now: () => nowMs, sleep: async () => undefined }, 100);
  ledger.quietUntil(1_000);
  await assert.rejects(ledger.take(), { code: 'throttled', retryAfterMs: 1_000 });
  nowMs = 1_000;
  await ledger.take();
  assert.equal(ledger.lastHour, 1);
});

test('a constant rate is its bytes, and a curve without two points is nothing', () => {
  const curve = [0, 300_000, 600_000].map((atMs) => ({ atMs, value: 8 }));
  assert.equal(integrateMbps(curve), 600e6);
  assert.equal(integrateMbps(curve.slice(0, 1)), 0);
});

const startMs = Date.UTC(2026, 10, 1);
const allowance = 9_000 * 1_024 ** 3;
const droplet = (createdAtMs: number) => ({
  id: '1',
  name: 'n',
  sizeSlug: 'c-32',
  region: 'fra1',
  status: 'active',
  createdAtMs,
  tags: [],
});
const size = {
  slug: 'c-32',
  vcpus: 32,
  memoryMib: 65_536,
  diskGib: 400,
  transferBytes: allowance,
  hourly: 0,
  monthly: 0,
};

test('a Droplet brings its whole allowance from 672 hours on and never more; nothing is negative', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000, max: 720 }),
      fc.integer({ min: 0, max: 1e15 }),
      (madeAtHour, outboundBytes) => {
        const pool = transferPool({
          droplets: [droplet(startMs + madeAtHour * hourMs)],
          sizes: [size as never],
          transfer: [{ dropletId: '1', outboundBytes, fromMs: startMs, untilMs: startMs + 360 * hourMs }],
          cappedHours: 672,
          nowMs: startMs + 360 * hourMs,
        });
        assert.ok(pool);
        assert.ok(pool.poolBytes >= 0 && pool.poolBytes <= allowance && pool.projectedOverageBytes >= 0);
        if (madeAtHour <= 48) assert.equal(pool.poolBytes, allowance);
        assert.ok(Math.abs(pool.projectedBytes - outboundBytes * 2) <= 1);
      },
    ),
  );
});

test('no traffic measured yet is no pool, not a used one of zero', () => {
  const pool = transferPool({
    droplets: [droplet(startMs)],
    sizes: [],
    transfer: [],
    cappedHours: 672,
    nowMs: startMs + 1,
  });
  assert.equal(pool, undefined);
});
