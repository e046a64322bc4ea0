import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usd } from '../../../kernel/money.ts';
import { anomalies, residuals } from '../../../model/cost/anomalies.ts';

const dayMs = 86_400_000;
/** Nine weeks of $200 on weekdays and $80 on weekends, then five more with `change`. */
function costs(change: (day: number, usual: number) => number | undefined) {
  const usual = (day: number) => (day % 7 >= 5 ? 80 : 200) + (day % 3);
  const days = Array.from({ length: 98 }, (_none, day) => (day < 63 ? usual(day) : change(day - 63, usual(day))));
  return [
    { kind: 'droplet' as const, firstDayMs: 0, days: days.map((day) => (day === undefined ? undefined : usd(day))) },
  ];
}

test('a month like the ones before has no odd day, weekends included', () => {
  assert.deepEqual(
    anomalies(
      costs((_day, usual) => usual),
      63 * dayMs,
    ),
    [],
  );
});

test('days in a row are one finding, with what they cost more', () => {
  const [found, ...others] = anomalies(
    costs((day, usual) => (day >= 10 && day < 14 ? usual + 100 : usual)),
    63 * dayMs,
  );
  assert.deepEqual(others, []);
  assert.equal(found?.fromMs, 73 * dayMs);
  assert.equal(found?.untilMs, 77 * dayMs);
  assert.ok(Math.abs((found?.difference ?? 0) - usd(400)) < usd(10));
});

test('a day that was not measured is no cheap day, and one odd day does not make the next one odd', () => {
  assert.deepEqual(
    anomalies(
      costs((day, usual) => (day === 7 ? undefined : usual)),
      63 * dayMs,
    ),
    [],
  );
  const found = anomalies(
    costs((day, usual) => (day === 2 ? usual * 3 : usual)),
    63 * dayMs,
  );
  assert.equal(found.length, 1);
});

test('with less than three earlier weeks nothing is said', () => {
  const [short] = costs((_day, usual) => usual);
  assert.ok(short);
  assert.deepEqual(residuals([{ ...short, days: short.days.slice(0, 20) }], 0), []);
});
