import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePeaks } from '../../../model/capacity/compare.ts';

const hour = (index: number) => (index % 24 === 10 ? 1_000 : 100) * (Math.floor(index / 24) % 7 >= 5 ? 0.2 : 1);
const grid = (weeks: number, of: (index: number) => number | undefined) => ({
  timeZone: 'UTC',
  firstDay: '2026-08-03',
  hours: Array.from({ length: weeks * 168 }, (_none, index) => of(index)),
});

test('each day has its forecast of the week before, what stood ready, and the peak that came', () => {
  const found = comparePeaks(grid(10, hour), { weeks: 2, provisioned: () => 1_500 });
  assert.equal(found.days.length, 14);
  assert.deepEqual([found.days[0]?.day, found.days[0]?.real], ['2026-09-28', 1_000]);
  assert.ok((found.missRatio ?? 1) < 0.01);
  assert.equal(found.within, 14);
  assert.equal(found.short, 0);
  assert.ok(Math.abs((found.provisionedRatio ?? 0) - (10 * 1.5 + 4 * 7.5) / 14) < 1e-9);
});

test('a day that nobody foresaw is outside the range, and short where too little stood ready', () => {
  const surprise = (index: number) => hour(index) * (Math.floor(index / 24) === 64 ? 3 : 1);
  const found = comparePeaks(grid(10, surprise), { weeks: 1, provisioned: () => 1_500 });
  assert.equal(found.within, 6);
  assert.equal(found.short, 1);
});

test('without history there is no forecast, and a day hardly measured has no peak: neither is taken for a hit', () => {
  const young = comparePeaks(grid(2, hour), { weeks: 1, provisioned: () => undefined });
  assert.equal(young.missRatio, undefined);
  assert.equal(young.forecastDays, 0);
  const gap = comparePeaks(
    grid(10, (index) => (index >= 9 * 168 && index % 24 > 8 ? undefined : hour(index))),
    { weeks: 1, provisioned: () => 1 },
  );
  assert.ok(gap.days.every(({ real }) => real === undefined));
  assert.equal(gap.short, 0);
});
