import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of a group's interval that its rules may take. */
export const maxRuleTimeRatio = 0.5;
const share = `max by (rule_group) (${prom.ruleGroupSeconds.name} / ${prom.ruleGroupInterval.name})`;

/** Rules need so long that evaluations will be skipped. */
export const rulesSlow = defineAlert({
  name: 'RulesSlow',
  expr: `${share} > ${maxRuleTimeRatio}`,
  for: duration('10m'),
  severity: 'warning',
  owner: 'platform',
  group: 'bundle',
  labels: { service: 'prometheus' },
  summary: 'Rules take too long',
  description: 'Group {{ $labels.rule_group }} takes {{ $value | humanizePercentage }} of its interval.',
  runbook: {
    meaning: 'For ten minutes the rules of this group took more than half of the time that they have.',
    impact: 'Soon evaluations are skipped, and alerts come late.',
    diagnosis: [
      { say: 'Which group?', query: share },
      { say: 'How many series are there?', query: prom.headSeries.name },
      {
        say: 'Is Prometheus short of CPU?',
        command: 'kubectl -n gomeet top pods -l app=prometheus',
        expect: 'CPU below what it requests.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Give Prometheus more CPU, or find what multiplied the series.',
    leave: 'It replays its log after a restart.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: share, unit: 'ratio', threshold: maxRuleTimeRatio, direction: 'above', legend: '{{rule_group}}' },
  },
});
