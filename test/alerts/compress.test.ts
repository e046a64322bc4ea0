import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compress, compressDuration, compressExpr, compressRecording } from '../../alerts/compress.ts';
import { type Alert, defineAlert } from '../../alerts/define.ts';
import { alerts } from '../../alerts/index.ts';
import { queriesOf } from '../../alerts/lint.ts';
import { durationsIn } from '../../alerts/promql.ts';
import { recordingRules } from '../../alerts/recording/index.ts';
import { duration, toMs } from '../../kernel/duration.ts';

/** An expression with every duration made the same, so that only the rest is compared. */
function withoutDurations(expr: string): string {
  return durationsIn(expr)
    .toReversed()
    .reduce((text, [from, to]) => `${text.slice(0, from)}DURATION${text.slice(to)}`, expr);
}

/** An alert with every duration and nothing else blotted out. */
function blotted(alert: Alert): unknown {
  return JSON.parse(
    JSON.stringify(alert, (key, value) => {
      if (key === 'query' || key === 'expr') return withoutDurations(value);
      return typeof value === 'string' && /^(\d+(ms|[smhdw]))+$/.test(value) ? 'DURATION' : value;
    }),
  );
}

test('but for durations, the compressed alerts are the production ones: expressions, thresholds, limits, words', () => {
  for (const alert of alerts) {
    const compressed = compress(alert, 30);
    assert.notDeepEqual(compressed, alert);
    assert.deepEqual(blotted(compressed), blotted(alert));
  }
});

test('every duration is divided by the one factor', () => {
  for (const alert of alerts) {
    const compressed = compress(alert, 10);
    for (const key of ['cooldown', 'verifyWithin', 'maxDataAge', 'breakerFor', 'approvalWithin', 'holdFor'] as const) {
      assert.equal(toMs(compressed.limits[key]) * 10, toMs(alert.limits[key]), `${alert.name} ${key}`);
    }
    assert.equal(toMs(compressed.response.escalateAfter) * 10, toMs(alert.response.escalateAfter));
    const ranges = (one: Alert) =>
      queriesOf([one], []).flatMap(({ expr }) => durationsIn(expr).map(([, , text]) => toMs(duration(text))));
    assert.deepEqual(
      ranges(compressed).map((ms) => ms * 10),
      ranges(alert),
      alert.name,
    );
  }
});

test('ranges of recording rules shrink as well, and nothing else of them changes', () => {
  for (const rule of recordingRules) {
    const compressed = compressRecording(rule, 10);
    assert.deepEqual(
      { ...compressed, expr: withoutDurations(compressed.expr) },
      { ...rule, expr: withoutDurations(rule.expr) },
    );
  }
});

test('a for of minutes never becomes less than a second, and none stays none', () => {
  for (const alert of alerts) {
    const after = toMs(compress(alert, 1_000).for);
    assert.ok(toMs(alert.for) === 0 ? after === 0 : after >= 1_000, alert.name);
  }
});

test('a factor of one changes nothing that counts', () => {
  for (const alert of alerts) assert.deepEqual(blotted(compress(alert, 1)), blotted(alert));
  assert.equal(compressExpr('rate(a[90s])', 1), 'rate(a[1m30s])');
});

test('numbers that are no durations stay, and ranges in bare seconds are understood', () => {
  assert.equal(compressExpr('rate(a{x="5m"}[5m]) > 300', 10), 'rate(a{x="5m"}[30s]) > 300');
  assert.equal(compressExpr('rate(a[300])', 10), 'rate(a[30s])');
  assert.equal(compressExpr('max_over_time(a[1h:1m] offset 10m)', 60), 'max_over_time(a[1m:1s] offset 10s)');
});

test('a silence asked for by a runbook is shortened too', () => {
  const [alert] = alerts;
  assert.ok(alert);
  const silencing = defineAlert({
    ...alert,
    runbook: {
      ...alert.runbook,
      mitigation: [{ say: 'quiet', action: 'silenceAlert', params: { for: duration('1h') }, approval: 'one' }],
    },
  });
  assert.deepEqual(compress(silencing, 60).runbook.mitigation[0]?.params, { for: '1m' });
});

test('a factor that would lengthen is refused', () => {
  const [alert] = alerts;
  assert.ok(alert);
  for (const factor of [0.5, 0, -1, Number.NaN]) assert.throws(() => compress(alert, factor), RangeError);
});

test('a compressed duration is never nothing and never longer', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000_000 }), fc.integer({ min: 1, max: 10_000 }), (ms, factor) => {
      const after = toMs(compressDuration(duration(`${ms}ms`), factor));
      return after >= 1 && after <= ms && Math.abs(after - ms / factor) <= 1;
    }),
  );
});
