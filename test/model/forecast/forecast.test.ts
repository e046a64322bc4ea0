import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backTest } from '../../../model/forecast/backtest.ts';
import { forecastPeaks } from '../../../model/forecast/forecast.ts';
import { type TrafficGrid, type TrafficPoint, trafficGrid } from '../../../model/forecast/grid.ts';
import { firstMs, generatedTraffic, type TrafficStory } from './traffic.ts';

const zone = 'Asia/Jakarta';
const story: TrafficStory = { weeks: 20, growth: [0.02, 0.02], noise: 0.08, holidays: 6, outages: 4, gaps: 2 };
const options = { days: 14, capacityParticipants: undefined };

function grid(points: readonly TrafficPoint[]): TrafficGrid {
  const made = trafficGrid(points, zone);
  assert.ok(made);
  return made;
}

const stories: Readonly<Record<string, TrafficStory>> = {
  'steady growth': story,
  'no growth': { ...story, growth: [0, 0] },
  'growth that quickens': { ...story, growth: [0.01, 0.05] },
  'growth that turns into decline': { ...story, growth: [0.03, -0.02] },
  'much noise': { ...story, noise: 0.2 },
  'many holidays and outages': { ...story, holidays: 14, outages: 12, gaps: 5 },
};
const seeds = [3, 17, 101, 4_099, 65_537, 900_001];

for (const [name, told] of Object.entries(stories))
  test(`it beats the same-hour-last-week guess on traffic with holidays, outages and ${name}, whatever the seed`, () => {
    for (const seed of seeds) {
      const tested = backTest(grid(generatedTraffic(seed, told)).hours);
      assert.ok(tested);
      assert.ok(
        tested.errorRatio < tested.guessErrorRatio,
        `seed ${seed}: ${tested.errorRatio} against ${tested.guessErrorRatio}`,
      );
    }
  });

test('the real peaks of the next two weeks lie in the range most of the time, over all seeds', () => {
  let inside = 0;
  let days = 0;
  for (const seed of seeds) {
    const points = generatedTraffic(seed, { ...story, weeks: 22, holidays: 0, outages: 0, gaps: 0 });
    const known = grid(points.filter(({ atMs }) => atMs < firstMs + 20 * 168 * 3_600_000));
    const later = grid(points.filter(({ atMs }) => atMs >= firstMs + 20 * 168 * 3_600_000));
    const forecast = forecastPeaks(known, options);
    assert.ok(forecast.kind === 'forecast');
    assert.equal(forecast.days[0]?.day, later.firstDay);
    for (const [day, { low, high, likely }] of forecast.days.entries()) {
      const real = Math.max(...later.hours.slice(day * 24, day * 24 + 24).map((value) => value ?? 0));
      assert.ok(low <= likely && likely <= high);
      days++;
      if (real >= low && real <= high) inside++;
    }
  }
  // An 80 % range from eight weeks of misses: between two and twenty in twenty would both be wrong.
  assert.ok(inside / days >= 0.6, `${inside} of ${days} days inside`);
});

test('growth of 2 % a week comes out, with its range around it', () => {
  const forecast = forecastPeaks(grid(generatedTraffic(7, story)), options);
  assert.ok(forecast.kind === 'forecast');
  assert.ok(Math.abs(forecast.growthRatio.likely - 0.02) < 0.006, `${forecast.growthRatio.likely}`);
  assert.ok(forecast.growthRatio.low <= 0.02 && forecast.growthRatio.high >= 0.02);
});

test('capacity runs out on a date with a range, when noise-free growth says it must', () => {
  const quiet = { weeks: 12, growth: [0.02, 0.02], noise: 0.001, holidays: 0, outages: 0, gaps: 0 } as const;
  const known = grid(generatedTraffic(5, quiet));
  const peak = Math.max(...known.hours.map((value) => value ?? 0));
  const forecast = forecastPeaks(known, { days: 7, capacityParticipants: peak * 1.02 ** 10 });
  assert.ok(forecast.kind === 'forecast' && forecast.runsOut !== undefined && !('kind' in forecast.runsOut));
  const { earliest, likely, latest } = forecast.runsOut;
  assert.ok(earliest !== undefined && likely !== undefined && latest !== undefined);
  assert.ok(earliest <= likely && likely <= latest);
  // Twelve weeks from 5 January end on 30 March; ten weeks of growth later is 8 June, give or take two weeks.
  assert.ok(likely >= '2026-05-25' && likely <= '2026-06-22', likely);
});

test('capacity that is far away does not run out within a year, and traffic that does not grow never reaches it', () => {
  const flat = grid(generatedTraffic(11, { ...story, growth: [0, 0], noise: 0.03, holidays: 0, outages: 0, gaps: 0 }));
  const forecast = forecastPeaks(flat, { days: 7, capacityParticipants: 1e6 });
  assert.ok(forecast.kind === 'forecast' && forecast.runsOut !== undefined && !('kind' in forecast.runsOut));
  assert.deepEqual(forecast.runsOut, { earliest: undefined, likely: undefined, latest: undefined });
});

test('four weeks are not enough for a forecast, five are, and eight for a date', () => {
  const after = (weeks: number) =>
    forecastPeaks(grid(generatedTraffic(1, { ...story, weeks, holidays: 0, outages: 0, gaps: 0 })), {
      days: 7,
      capacityParticipants: 1e6,
    });
  assert.equal(after(4).kind, 'not-enough-data');
  const five = after(5);
  assert.ok(five.kind === 'forecast' && five.runsOut !== undefined && 'kind' in five.runsOut);
  const eight = after(8);
  assert.ok(eight.kind === 'forecast' && eight.runsOut !== undefined && !('kind' in eight.runsOut));
});

test('traffic of nobody is no forecast of nobody', () => {
  const silence = Array.from({ length: 168 * 10 }, (_, hour) => ({
    atMs: firstMs + hour * 3_600_000,
    participants: 0,
  }));
  assert.equal(forecastPeaks(grid(silence), options).kind, 'not-enough-data');
});

test('weeks that were hardly measured teach nothing', () => {
  const sparse = generatedTraffic(2, story).filter((_, index) => index % 3 === 0);
  assert.equal(forecastPeaks(grid(sparse), options).kind, 'not-enough-data');
});

test('the grid keeps whole local days, leaves gaps undefined and takes the higher of a repeated hour', () => {
  const point = (text: string, participants: number) => ({ atMs: Date.parse(text), participants });
  // Berlin turns its clocks back on 25 October 2026 at three.
  const made = trafficGrid(
    [
      point('2026-10-25T00:00:00+02:00', 1),
      point('2026-10-25T02:00:00+02:00', 2),
      point('2026-10-25T02:00:00+01:00', 5),
      point('2026-10-25T23:00:00+01:00', 3),
      point('2026-10-26T05:00:00+01:00', 9),
      { atMs: Number.NaN, participants: 4 },
    ],
    'Europe/Berlin',
  );
  assert.deepEqual(made?.hours.slice(0, 4), [1, undefined, 5, undefined]);
  assert.equal(made?.hours.length, 24);
  assert.equal(trafficGrid([], zone), undefined);
  assert.throws(() => trafficGrid([point('2026-10-25T00:00:00Z', 1)], 'Mars/Olympus'), RangeError);
});
