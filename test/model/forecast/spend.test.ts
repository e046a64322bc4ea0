import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usd } from '../../../kernel/money.ts';
import { forecastSpend, overrunProbability } from '../../../model/forecast/spend.ts';
import { reaches } from '../../../model/forecast/trend.ts';

const weeks = (count: number, of: (day: number) => number | undefined) =>
  Array.from({ length: count * 7 }, (_none, day) => of(day));
const week = (day: number) => (day % 7 >= 5 ? usd(50) : usd(100));
const month = { daysDone: 0, daysToCome: 28, capHours: 672, extra: usd(0) };

test('a month of known weekdays costs their sum, with the error of the past beside it', () => {
  const found = forecastSpend([{ kind: 'droplet', days: weeks(9, week) }], month);
  assert.equal(found?.likely, 4 * usd(600));
  assert.equal(found?.pastErrorRatio, 0);
  assert.ok((found?.low ?? 0) < (found?.likely ?? 0), 'a range is never a point: the past was not that good');
});

test('what is done counts as it was, what is to come as its weekday, the dearest 28 days at the most', () => {
  const days = weeks(9, (day) => (day >= 56 ? usd(200) : week(day)));
  const found = forecastSpend([{ kind: 'droplet', days }], { ...month, daysDone: 7, daysToCome: 24 });
  // 31 days: seven of $200, and 21 of the 24 to come.
  assert.ok((found?.likely ?? 0) <= 7 * usd(200) + 21 * usd(100));
  assert.ok((found?.likely ?? 0) >= 7 * usd(200) + 21 * usd(85));
});

test('it beats the guess of last week’s total on traffic that varies', () => {
  let seed = 7;
  const noise = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return 0.85 + (0.3 * seed) / 2_147_483_647;
  };
  const days = weeks(12, (day) => Math.round(week(day) * noise()));
  const found = forecastSpend([{ kind: 'droplet', days }], month);
  assert.ok((found?.pastErrorRatio ?? 1) < 0.05, String(found?.pastErrorRatio));
  assert.ok((found?.high ?? 0) > 4 * usd(600) * 0.97);
});

test('without a measurement in two weeks there is no forecast, and without a past its range is wide', () => {
  assert.equal(forecastSpend([{ kind: 'droplet', days: weeks(2, () => undefined) }], month), undefined);
  const young = forecastSpend([{ kind: 'droplet', days: weeks(2, week) }], month);
  assert.equal(young?.pastErrorRatio, undefined);
  assert.ok((young?.high ?? 0) > 1.15 * (young?.likely ?? 0));
});

test('the chance of an overrun is even at the budget and grows with the spend', () => {
  const at = (likely: number) => ({
    likely: usd(likely),
    low: usd(likely - 100),
    high: usd(likely + 100),
    pastErrorRatio: 0,
    weeksTested: 8,
    method: '',
  });
  assert.ok(Math.abs(overrunProbability(at(1_000), usd(1_000)) - 0.5) < 1e-6);
  assert.ok(overrunProbability(at(1_100), usd(1_000)) > 0.89 && overrunProbability(at(1_100), usd(1_000)) < 0.91);
  assert.ok(overrunProbability(at(500), usd(1_000)) < 0.001);
});

test('what grows reaches its limit on a date with a range; what does not, never; what is there, already', () => {
  const growing = weeks(10, (day) => 50 + day);
  const found = reaches(growing, 150);
  assert.equal(found.kind, 'dates');
  if (found.kind === 'dates') {
    assert.ok(found.p50Days !== undefined && found.p50Days >= 28 && found.p50Days <= 42, String(found.p50Days));
    assert.ok(found.p90Days !== undefined && found.p90Days <= found.p50Days);
  }
  assert.deepEqual(
    reaches(
      weeks(10, () => 50),
      150,
    ),
    { kind: 'dates', p50Days: undefined, p90Days: undefined },
  );
  assert.equal(
    reaches(
      weeks(10, (day) => (day > 65 ? 151 : 50)),
      150,
    ).kind,
    'reached',
  );
});

test('under eight measured weeks there is no date, however steep it looks', () => {
  assert.equal(
    reaches(
      weeks(7, (day) => day * 10),
      1_000,
    ).kind,
    'not-enough-data',
  );
  assert.equal(
    reaches(
      weeks(12, (day) => (day % 7 < 5 ? undefined : 10)),
      1_000,
    ).kind,
    'not-enough-data',
  );
});
