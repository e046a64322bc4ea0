import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meetingNearParticipantLimit } from '../../alerts/catalogue/meeting-near-participant-limit.ts';
import { sfuSaturated } from '../../alerts/catalogue/sfu-saturated.ts';
import type { Alert } from '../../alerts/define.ts';
import { needTool } from '../support/need-tool.ts';
import { proof } from './catalogue/sfu-saturated.ts';
import { mutantsOf } from './mutants.ts';
import { rulesOf, runPromtool, testsOf } from './promtool.ts';

const whats = (alert: Alert) => mutantsOf(rulesOf(alert)).map(({ what }) => what);
const asking = (expr: string, response = sfuSaturated.response): Alert => ({ ...sfuSaturated, expr, response });

test('an alert is made wrong in each small way: the comparison, the threshold, the wait', () => {
  assert.deepEqual(whats(sfuSaturated), ['> turned round', '0.85 times 0.8', '0.85 times 1.2', 'without its wait']);
});

test('a threshold is moved wherever it stands: a factor, the bound of a bucket, what is compared with, a recording rule', () => {
  const said = whats(asking('rate(a_bucket{le="3.5"}[5m]) > bool 5 * b and on (c) d > (e)\nunless f / 500 or g < 0'));
  assert.deepEqual(said, [
    'or without its left side',
    'or without its right side',
    'and for unless',
    'unless for and',
    '> turned round',
    'le="3.5" times 0.8',
    'le="3.5" times 1.2',
    '5 times 0.8',
    '5 times 1.2',
    '> turned round (2)',
    'what > compares with times 0.8',
    'what > compares with times 1.2',
    '500 times 0.8',
    '500 times 1.2',
    '< turned round',
    'without its wait',
  ]);
  assert.ok(whats(meetingNearParticipantLimit).includes('room_sid:room_fill_ratio:max: 500 times 0.8'));
});

test('what is made wrong is what was said, and all else stays as it is', () => {
  const rules = mutantsOf(rulesOf(asking('a > 5 * b'))).flatMap(({ rules }) => rules.flatMap((group) => group.rules));
  const exprs = new Set(rules.flatMap((rule) => ('alert' in rule ? [rule.expr] : [])));
  assert.deepEqual([...exprs], ['a <= 5 * b', 'a > 4 * b', 'a > 6 * b', 'a > 5 * b']);
});

test('scenarios notice: each of these fails at least one', async (t) => {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  for (const { what, rules } of mutantsOf(rulesOf(sfuSaturated)))
    assert.notEqual(await runPromtool(promtool, { rules, tests: testsOf(proof) }), undefined, what);
});
