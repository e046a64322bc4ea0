import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sfuSaturated } from '../../alerts/catalogue/sfu-saturated.ts';
import { needTool } from '../support/need-tool.ts';
import { proof } from './catalogue/sfu-saturated.ts';
import { mutantsOf } from './mutants.ts';
import { rulesOf, runPromtool, testsOf } from './promtool.ts';

test('an alert is made wrong in each small way: the comparison, the threshold, the wait', () => {
  assert.deepEqual(
    mutantsOf(sfuSaturated).map(({ what }) => what),
    ['> turned round', '0.85 times 0.8', '0.85 times 1.2', 'without its wait'],
  );
});

test('scenarios notice: each of these fails at least one', async (t) => {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  for (const { what, alert } of mutantsOf(sfuSaturated))
    assert.notEqual(await runPromtool(promtool, { rules: rulesOf(alert), tests: testsOf(proof) }), undefined, what);
});
