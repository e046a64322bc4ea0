import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectiveAlerts } from '../../alerts/slo/alerts.ts';
import { objectiveRules } from '../../alerts/slo/define.ts';
import { joinSuccess } from '../../alerts/slo/join-success.ts';
import { objectives } from '../../alerts/slo/objectives.ts';
import { metrics } from '../../exporters/metrics/index.ts';

test('an objective becomes the two alerts of the SRE workbook, to the letter; nobody is woken for a few failures of a few', () => {
  const [fast, slow] = objectiveAlerts(joinSuccess);
  assert.equal(
    fast?.expr,
    [
      '((platform:join_errors:ratio_rate1h > 0.144 and platform:join_errors:ratio_rate5m > 0.144)',
      'or (platform:join_errors:ratio_rate6h > 0.06 and platform:join_errors:ratio_rate30m > 0.06))',
      'and 3600 * avg_over_time(platform:join_errors:rate5m[1h]) >= 10',
    ].join('\n'),
  );
  assert.equal(slow?.expr, '(platform:join_errors:ratio_rate3d > 0.01 and platform:join_errors:ratio_rate6h > 0.01)');
  assert.deepEqual([fast?.for, fast?.severity, slow?.for, slow?.severity], ['2m', 'critical', '1h', 'warning']);
});

test('long windows are ratios of sums over what the short one recorded, and nothing happening is no ratio', () => {
  const rules = new Map(objectiveRules(joinSuccess).map(({ record, expr }) => [record, expr]));
  assert.equal(
    rules.get('platform:join_errors:ratio_rate3d'),
    'sum_over_time(platform:join_errors:rate5m[3d]) / (sum_over_time(platform:join_total:rate5m[3d]) > 0)',
  );
  assert.match(rules.get('platform:join_budget:ratio_rate30d') ?? '', /^1 - \(.+\) \/ 0\.01$/);
});

test('an objective is a share below one, and rests on nothing that is only promised', () => {
  const promised = metrics.filter(({ emitter }) => emitter.kind === 'contract').map(({ name }) => name);
  assert.equal(new Set(objectives.map(({ key }) => key)).size, 6);
  for (const { objective, bad, total, name } of objectives) {
    assert.ok(objective > 0.9 && objective < 1, name);
    for (const contract of promised) assert.ok(!`${bad}${total}`.includes(contract), `${name} rests on ${contract}`);
  }
});
