// What people asked to be woken for, in their words, and the alerts that answer: a name that goes leaves a gap here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertNamed, alerts } from '../../alerts/index.ts';
import { prometheusRule } from '../../alerts/prometheus-rule.ts';
import { recordingGroups } from '../../alerts/recording/index.ts';
import { ruleGroups } from '../../alerts/render.ts';
import { alertGroups } from '../../alerts/vocabulary.ts';
import { groups } from './asked-for.ts';

for (const [group, asked] of Object.entries(groups))
  test(`each thing asked for under "${group}" has its alerts`, () => {
    for (const [words, names] of Object.entries(asked)) {
      assert.ok(names.length > 0, words);
      for (const name of names) assert.ok(alertNamed(name), `${words}: no alert is called ${name}`);
    }
  });

test('there are at least 70 alerts, in the four groups of the deployment README and three more, and none that nobody asked for', () => {
  assert.ok(alerts.length >= 70);
  const kinds = ['critical', 'warning', 'capacity', 'business', 'cost', 'security', 'bundle'];
  assert.deepEqual([...alertGroups], kinds);
  assert.deepEqual([...new Set(alerts.map(({ group }) => group))].sort(), [...kinds].sort());
  const asked = new Set(Object.values(groups).flatMap((words) => Object.values(words).flat()));
  assert.deepEqual(
    alerts.map(({ name }) => name).filter((name) => !asked.has(name)),
    [],
  );
});

/** The rules of the operations runbook, as they stand in it. */
const documented = [
  {
    alert: 'HighErrorRate',
    expr: 'sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) * 100 > 5',
    for: '5m',
    severity: 'warning',
    summary: 'High error rate detected',
    description: 'Error rate is {{ $value }}% for the last 5 minutes',
  },
  {
    alert: 'HighResponseTime',
    expr: 'histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket[5m])) by (le, service)) > 1',
    for: '5m',
    severity: 'warning',
    summary: 'High response time detected',
    description: '95th percentile response time is {{ $value }}s',
  },
  {
    alert: 'DatabaseDown',
    expr: 'up{job="postgres"} == 0',
    for: '1m',
    severity: 'critical',
    summary: 'Database is down',
    description: 'PostgreSQL database has been down for more than 1 minute',
  },
];

/** One spelling of a query: `sum by (a) (x)` and `sum(x) by (a)` are the same. */
const spelt = (expr: string) => expr.replace(/sum by (\([^)]*\)) (\(.*?\]\)\))/g, 'sum$2 by $1').replace(/\s+/g, ' ');

test('the three rules of the operations runbook stand word for word in its object and its group', () => {
  const { metadata, spec } = prometheusRule(ruleGroups({ alerts, recordings: recordingGroups }));
  assert.deepEqual([metadata?.name, metadata?.namespace], ['gomeet-alerts', 'gomeet']);
  const kept = spec.groups?.find(({ name }) => name === 'gomeet.rules')?.rules ?? [];
  const said = kept.map(({ alert, expr, for: lasts, labels, annotations }) => ({
    alert,
    expr: spelt(String(expr)),
    for: lasts,
    severity: labels?.['severity'],
    summary: annotations?.['summary'],
    description: annotations?.['description'],
  }));
  const byName = (a: { alert?: string | undefined }, b: { alert?: string | undefined }) =>
    (a.alert ?? '').localeCompare(b.alert ?? '');
  assert.deepEqual(said.sort(byName), [...documented].sort(byName));
});
