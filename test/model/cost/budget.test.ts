import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usd } from '../../../kernel/money.ts';
import { burn } from '../../../model/cost/budget.ts';
import { billedHours } from '../../../model/cost/hours.ts';
import { unitCosts } from '../../../model/cost/units.ts';

const noon = Date.UTC(2026, 3, 16); // half of April, which has 720 hours
const month = { billedHoursCap: 672, nowMs: noon };
const hourMs = 3_600_000;

test('a month at its rate within the budget says so, and names no day on which it ends', () => {
  const { verdict, forecast, elapsedRatio, usedUpAtMs } = burn({
    ...month,
    budget: usd(10_000),
    spent: usd(3_600),
    perHour: usd(10),
  });
  assert.deepEqual([verdict, forecast, elapsedRatio, usedUpAtMs], ['within', usd(6_720), 0.5, undefined]);
});

test('a rate that does not fit says on which day the money is gone', () => {
  const { verdict, usedUpAtMs } = burn({ ...month, budget: usd(5_000), spent: usd(3_600), perHour: usd(10) });
  assert.deepEqual([verdict, usedUpAtMs], ['will-exceed', noon + 140 * hourMs]);
});

test('a month that has used its budget up says since when it is over: now', () => {
  const { verdict, usedUpAtMs } = burn({ ...month, budget: usd(3_000), spent: usd(3_600), perHour: usd(10) });
  assert.deepEqual([verdict, usedUpAtMs], ['exceeded', noon]);
});

test('after the cap of hours nothing more is forecast, and a fleet that costs nothing never exceeds', () => {
  const late = burn({ ...month, nowMs: Date.UTC(2026, 3, 30), budget: usd(1), spent: usd(1), perHour: usd(10) });
  assert.equal(late.forecast, usd(1));
  assert.equal(burn({ ...month, budget: usd(1), spent: usd(1), perHour: usd(0) }).verdict, 'within');
});

test('a dearer hour never forecasts less', () => {
  const dollars = fc.integer({ min: 0, max: 1_000 });
  fc.assert(
    fc.property(dollars, dollars, fc.integer({ min: 0, max: 719 }), (one, other, hours) => {
      const at = { ...month, nowMs: Date.UTC(2026, 3, 1) + hours * hourMs, budget: usd(1), spent: usd(0) };
      const forecast = (rate: number) => burn({ ...at, perHour: usd(rate) }).forecast;
      assert.ok(forecast(Math.min(one, other)) <= forecast(Math.max(one, other)));
    }),
  );
});

test('billed hours are capped in each calendar month by itself', () => {
  const period = { fromMs: Date.UTC(2026, 0, 15), untilMs: Date.UTC(2026, 3, 2) };
  assert.equal(billedHours(period, 672), 17 * 24 + 672 + 672 + 24);
  assert.equal(billedHours({ fromMs: 10, untilMs: 5 }, 672), 0);
});

test('a thousand participant-minutes, an hour and a meeting have their price', () => {
  const cost = { best: usd(600), low: usd(500), high: usd(900) };
  const activity = { participantHours: 100_000, meetings: 3_000, egressBytes: 100_000 * 450e6 };
  const units = unitCosts(cost, activity, usd(0.01));
  assert.deepEqual(units.perParticipantHour, { best: usd(0.006), low: usd(0.005), high: usd(0.009) });
  assert.equal(units.perMeeting?.best, usd(0.2));
  assert.equal(units.per1000ParticipantMinutes?.best, usd(0.1));
  assert.equal(units.egressBitsPerSecond, 1e6);
  assert.equal(units.egressPerParticipantHour, usd((0.01 * 450e6) / 1024 ** 3));
});

test('without activity there is no unit cost: neither zero nor infinite', () => {
  const cost = { best: usd(600), low: usd(600), high: usd(600) };
  for (const count of [undefined, 0]) {
    const units = unitCosts(cost, { participantHours: count, meetings: count, egressBytes: undefined }, usd(0.01));
    assert.deepEqual(
      Object.values(units).filter((value) => value !== undefined),
      [],
    );
  }
});
