import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { compress, compressRecording } from '../../alerts/compress.ts';
import { alerts } from '../../alerts/index.ts';
import { prometheusRule } from '../../alerts/prometheus-rule.ts';
import { recordingGroups, recordingRules } from '../../alerts/recording/index.ts';
import { alertingRule, type RuleGroup, ruleGroups, runbookUrl } from '../../alerts/render.ts';
import { alertGroups } from '../../alerts/vocabulary.ts';
import type { duration } from '../../kernel/duration.ts';
import { needTool } from '../support/need-tool.ts';

const groups = ruleGroups({ alerts, recordings: recordingGroups });

async function checkRules(promtool: string, content: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-rules-'));
  try {
    await writeFile(join(folder, 'rules.yaml'), stringify(content));
    return (await promisify(execFile)(promtool, ['check', 'rules', join(folder, 'rules.yaml')])).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

for (const name of ['promtool', 'promtool-2.42'])
  test(`${name} accepts the rules, all of them, and refuses a broken one`, async (t) => {
    const promtool = needTool(t, name);
    if (promtool === undefined) return;
    if (name === 'promtool-2.42') {
      const { stdout, stderr } = await promisify(execFile)(promtool, ['--version']);
      assert.match(stdout + stderr, /version 2\.42\./);
    }
    assert.match(
      await checkRules(promtool, { groups }),
      new RegExp(`SUCCESS: ${alerts.length + recordingRules.length} rules found`),
    );
    await assert.rejects(checkRules(promtool, { groups: [{ name: 'a', rules: [{ alert: 'A', expr: 'sum(' }] }] }));
  });

test('promtool accepts the compressed rules of the lab', async (t) => {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  const compressed = ruleGroups({
    alerts: alerts.map((alert) => compress(alert, 30)),
    recordings: { all: recordingRules.map((rule) => compressRecording(rule, 30)) },
  });
  assert.match(await checkRules(promtool, { groups: compressed }), /SUCCESS/);
});

test('every alerting rule bears its severity, its owner and the address of its page', () => {
  for (const alert of alerts) {
    const rule = alertingRule(alert, 'https://example.org/pages/');
    assert.ok('alert' in rule);
    assert.equal(rule.labels['severity'], alert.severity);
    assert.equal(rule.labels['owner'], alert.owner);
    assert.equal(rule.annotations['runbook_url'], `https://example.org/pages/${alert.name}`);
  }
});

test('an address stays one however the base is written', () => {
  assert.equal(runbookUrl('A B', 'https://example.org//'), 'https://example.org/A%20B');
});

test('recordings come before the alerts that read them, and a for of nothing is left out', () => {
  const firstAlerts = groups.findIndex(({ rules }) => rules.some((rule) => 'alert' in rule));
  assert.ok(groups.slice(0, firstAlerts).every(({ name }) => name.startsWith('gomeet-recording-')));
  assert.ok(groups.slice(firstAlerts).every(({ name }) => !name.startsWith('gomeet-recording-')));
  const watchdog = groups.flatMap(({ rules }) => rules).find((rule) => 'alert' in rule && rule.alert === 'Watchdog');
  assert.ok(watchdog && !('for' in watchdog));
});

test('each kind of alert is a group of rules of its own, and the three of the operations runbook keep theirs', () => {
  const names = groups.filter(({ rules }) => rules.some((rule) => 'alert' in rule)).map(({ name }) => name);
  assert.deepEqual(names.sort(), ['gomeet.rules', ...alertGroups.map((group) => `gomeet-${group}`)].sort());
  const kept = groups.find(({ name }) => name === 'gomeet.rules')?.rules.map((rule) => 'alert' in rule && rule.alert);
  assert.deepEqual(kept?.sort(), ['DatabaseDown', 'HighErrorRate', 'HighResponseTime']);
});

test('the PrometheusRule object holds the same rules, and a duration that the operator would refuse is refused here', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(prometheusRule(groups).spec.groups)), JSON.parse(JSON.stringify(groups)));
  const bad: RuleGroup = {
    name: 'a',
    rules: [{ alert: 'A', expr: 'up', for: '5 minutes' as ReturnType<typeof duration>, labels: {}, annotations: {} }],
  };
  assert.throws(() => prometheusRule([bad]), /for must match pattern/);
});
