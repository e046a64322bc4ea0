import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Failed evaluations in five minutes that are tolerated. */
export const maxRuleFailures = 0;
const failures = `sum by (rule_group) (increase(${prom.ruleFailures.name}[5m]))`;

/** Rules fail: the alerts of that group are blind. */
export const ruleEvaluationsFailing = defineAlert({
  name: 'RuleEvaluationsFailing',
  expr: `${failures} > ${maxRuleFailures}`,
  for: duration('5m'),
  severity: 'critical',
  owner: 'platform',
  group: 'bundle',
  labels: { service: 'prometheus' },
  summary: 'Rules fail and their alerts are blind',
  description: 'Rules of {{ $labels.rule_group }} fail.',
  runbook: {
    meaning:
      'Prometheus could not evaluate rules of this group: a join met two series where it expected one, or it runs out of time.',
    impact: 'Alerts of this group neither fire nor resolve.',
    diagnosis: [
      { say: 'Which group?', query: failures },
      {
        say: 'What does Prometheus say?',
        command: 'kubectl -n gomeet logs -l app=prometheus --since=15m --tail=50',
        expect: 'No line with many-to-many or duplicate.',
      },
      { say: 'Is it short of time?', query: `max by (rule_group) (${prom.ruleGroupSeconds.name})` },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Find the second series, and aggregate it away in the rule.',
    leave: 'Prometheus was restarted a minute ago.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: {
      query: failures,
      unit: 'count',
      threshold: maxRuleFailures,
      direction: 'above',
      legend: '{{rule_group}}',
    },
  },
});
