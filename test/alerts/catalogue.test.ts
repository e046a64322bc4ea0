import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sfuSaturated } from '../../alerts/catalogue/sfu-saturated.ts';
import { alerts } from '../../alerts/index.ts';
import { workloadNamed } from '../../manifests/catalogue/index.ts';
import { needTool } from '../support/need-tool.ts';
import { exampleTestsOf, prove, runPromtool, testsOf } from './promtool.ts';
import { proofs } from './proofs.ts';
import { fired, fires, proves, silent } from './scenario.ts';

for (const proof of proofs)
  test(`${proof.alert.name} fires and stays silent as its scenarios say`, (t) =>
    prove(t, proof, exampleTestsOf(proof)));

test('every alert is proven: it fires with all its labels and words, stays silent, and knows what no data means', () => {
  assert.deepEqual(proofs.map(({ alert }) => alert.name).sort(), alerts.map(({ name }) => name).sort());
  for (const { alert, cases } of proofs) {
    const scenarios = Object.values(cases).flat();
    const moments = scenarios.flatMap(({ expect }) => expect);
    assert.ok(
      moments.some(({ firing }) => firing.length > 0),
      `${alert.name} never fires`,
    );
    assert.ok(
      scenarios.some(({ series }) => Object.keys(series).length === 0),
      `${alert.name} is not tried without data`,
    );
    if (alert.name === 'Watchdog') continue;
    assert.ok(
      moments.some(({ firing }) => firing.length === 0),
      `${alert.name} is never silent`,
    );
  }
});

test('whatever fires carries a service of the catalogue, an owner and a severity', () => {
  for (const { alert, cases } of proofs)
    for (const { labels } of Object.values(cases)
      .flat()
      .flatMap(({ expect }) => expect)
      .flatMap(({ firing }) => firing)) {
      assert.ok(workloadNamed(labels['service'] ?? ''), `${alert.name}: ${labels['service']}`);
      assert.deepEqual([labels['severity'], labels['owner']], [alert.severity, alert.owner], alert.name);
    }
});

test('a wrong expectation fails, with the name of what was expected, so these tests can', async (t) => {
  const load = { 'gomeet_sfu_node_cpu_load_ratio{job="livekit-exporter", instance="e1", node_id="ND_a"}': '0.9x40' };
  const hot = fired(sfuSaturated, 'critical media livekit-sfu', { node_id: 'ND_other' }, 'Node ND_other is hot.');
  if (needTool(t, 'promtool') === undefined) return;
  const wrong = proves(sfuSaturated, { wrong: fires(load, ['1m', '5m'], [hot]) });
  await assert.rejects(prove(t, wrong), /ND_other/);
  await assert.rejects(prove(t, proves(sfuSaturated, { wrong: silent(load, '5m') })), /ND_a/);
});

test('what does not parse is a failure too', async (t) => {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  const rules = (expr: string) => [{ name: 'a', rules: [{ alert: 'A', expr, labels: {}, annotations: {} }] }];
  const tests = testsOf(proves(sfuSaturated, { nothing: silent({}, '1m') }));
  assert.match((await runPromtool(promtool, { rules: rules('sum('), tests })) ?? '', /could not parse/);
  assert.equal(await runPromtool(promtool, { rules: rules('vector(1) > 2'), tests }), undefined);
});
