import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { familyAlerts } from '../../alerts/families/index.ts';
import { alertNamed, alerts } from '../../alerts/index.ts';
import { lintAlerts, lintQueries, queriesOf } from '../../alerts/lint.ts';
import { scrapeInterval } from '../../alerts/prometheus.ts';
import { recordingGroups, recordingRules } from '../../alerts/recording/index.ts';
import { toMs } from '../../kernel/duration.ts';
import { actions } from '../../responders/act/index.ts';

const filesIn = (folder: string) => readdirSync(fileURLToPath(new URL(`../../${folder}`, import.meta.url))).sort();
const kebab = (name: string) => name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

test('the list names every file of the folder, and each file has its scenarios', () => {
  const files = alerts
    .filter((alert) => !familyAlerts.includes(alert))
    .map(({ name }) => `${kebab(name)}.ts`)
    .sort();
  assert.deepEqual(filesIn('alerts/catalogue'), files);
  assert.deepEqual(filesIn('test/alerts/catalogue'), files);
});

test('names are unique, in PascalCase, and found again; an unknown one is not', () => {
  assert.equal(new Set(alerts.map(({ name }) => name)).size, alerts.length);
  for (const alert of alerts) {
    assert.match(alert.name, /^([A-Z][a-z]+)+$/);
    assert.equal(alertNamed(alert.name), alert);
  }
  assert.equal(alertNamed('NoSuchAlert'), undefined);
});

test('every query parses and uses only metrics and labels of the catalogue', () => {
  assert.deepEqual(lintQueries(queriesOf(alerts, recordingRules)), []);
});

test('every query by which an action is verified is right as well', () => {
  const queries = Object.values(actions).flatMap((action) =>
    Object.values(action.signals).map((expr) => ({ at: action.name, expr })),
  );
  assert.ok(queries.length > 0);
  assert.deepEqual(lintQueries(queries), []);
});

test('a broken query is named with its place', () => {
  const [alert] = alerts;
  assert.ok(alert);
  const broken = {
    ...alert,
    name: 'Broken',
    expr: 'gomeet_room > 1',
    runbook: { ...alert.runbook, diagnosis: [{ say: 'look', query: 'sum(' }] },
  };
  const problems = lintQueries(queriesOf([broken], []));
  assert.equal(problems.length, 2);
  assert.match(problems[0] ?? '', /^Broken expr: unknown metric gomeet_room; did you mean gomeet_rooms\?$/);
  assert.match(problems[1] ?? '', /^Broken diagnosis 1: does not parse/);
});

test('every runbook has words under its headings, and all but Watchdog end with a person', () => {
  for (const { name, runbook, summary, response } of alerts) {
    for (const text of [runbook.meaning, runbook.impact, summary]) assert.ok(text.length > 10, `${name}: ${text}`);
    assert.ok(runbook.diagnosis.length >= 3, `${name} has little to look at`);
    for (const { query, command } of runbook.diagnosis.slice(0, 1))
      assert.ok(query ?? command, `${name}: the first thing to look at needs a query or a command`);
    assert.doesNotMatch(summary, /\{\{|\d+%/, `${name}: a summary has no numbers that change`);
    if (name === 'Watchdog') continue;
    assert.equal(runbook.mitigation.at(-1)?.action, 'escalate', `${name} leaves nobody in charge`);
    assert.ok(toMs(response.escalateAfter) >= 60_000);
  }
});

test('nothing that costs money or cuts people off is done without asking', () => {
  for (const { name, runbook } of alerts) {
    for (const { action, approval } of runbook.mitigation) {
      if (action === 'raiseNodePool' || action === 'drainSfu') assert.notEqual(approval, 'none', `${name}: ${action}`);
    }
  }
});

test('limits are bounds: each is positive, shares are ratios, and data may not be older than two scrapes at the least', () => {
  for (const { name, limits } of alerts) {
    assert.ok(limits.maxFleetShareRatio > 0 && limits.maxFleetShareRatio <= 1, name);
    assert.ok(limits.maxParticipants >= 0 && limits.breakerAfter >= 1, name);
    assert.ok(toMs(limits.maxDataAge) >= 2 * toMs(scrapeInterval), name);
    assert.ok(toMs(limits.approvalWithin) > 0 && toMs(limits.holdFor) > 0 && toMs(limits.cooldown) > 0, name);
  }
});

test('recording rules are named level:metric:operations, and two of one name differ in their labels', () => {
  for (const { record, labels, resultLabels } of recordingRules) {
    // Two names are the operations runbook's.
    if (!/^gomeet_(active_meetings|participants)_total$/.test(record))
      assert.match(record, /^[a-z_]+:[a-z0-9_]+:[a-z0-9_]+$/);
    for (const label of Object.keys(labels ?? {})) assert.ok(resultLabels.includes(label), `${record} ${label}`);
  }
  const keys = recordingRules.map(({ record, labels }) => JSON.stringify([record, labels]));
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(
    Object.keys(recordingGroups).sort(),
    filesIn('alerts/recording')
      .map((file) => file.replace('.ts', ''))
      .filter((file) => !['define', 'index'].includes(file))
      .sort(),
  );
});

test('a wrong unit, section or service is named with the nearest right one', () => {
  const [alert] = alerts;
  assert.ok(alert);
  assert.deepEqual(lintAlerts(alerts), []);
  const broken = {
    ...alert,
    name: 'Broken',
    labels: { service: 'livekit-sfuu' },
    runbook: { ...alert.runbook, answers: ['Log Analisis' as 'Log Analysis'] },
    response: { ...alert.response, signal: { ...alert.response.signal, unit: 'second' as 'seconds' } },
  };
  assert.deepEqual(lintAlerts([broken]), [
    'Broken signal names no unit: second; did you mean seconds?',
    'Broken runbook names no section: Log Analisis; did you mean Log Analysis?',
    'Broken labels names no service: livekit-sfuu; did you mean livekit-sfu?',
  ]);
});

test('a label that words or a legend quote and no series bears is named with the nearest right one', () => {
  const alert = alertNamed('NodeCpuHigh');
  assert.ok(alert);
  const signal = { ...alert.response.signal, legend: '{{nodee}}' };
  const broken = { ...alert, description: 'Node {{ $labels.nod }} is busy.', response: { ...alert.response, signal } };
  assert.deepEqual(lintAlerts([broken]), [
    'NodeCpuHigh description: no series here has the label nod; did you mean node?',
    'NodeCpuHigh legend: no series here has the label nodee; did you mean node?',
  ]);
});
