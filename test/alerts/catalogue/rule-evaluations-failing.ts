import { ruleEvaluationsFailing } from '../../../alerts/catalogue/rule-evaluations-failing.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const failures =
  'prometheus_rule_evaluation_failures_total{job="prometheus", instance="p1:9090", rule_group="gomeet-critical"}';

export const proof = proves(ruleEvaluationsFailing, {
  'it fires after five minutes of failing': fires(
    { [failures]: '0x8 0+1x60' },
    ['6m45s', '8m'],
    [
      fired(
        ruleEvaluationsFailing,
        'critical platform prometheus',
        { rule_group: 'gomeet-critical' },
        'Rules of gomeet-critical fail.',
      ),
    ],
  ),
  'it stays silent for failures of long ago, for one that passes, and without data': [
    silent({ [failures]: '7x60' }, '12m'),
    silent({ [failures]: '0x8 1x2 1x60' }, ['4m', '12m']),
    silent({}, '12m'),
  ],
});
