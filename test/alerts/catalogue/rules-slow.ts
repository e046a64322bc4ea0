import { rulesSlow } from '../../../alerts/catalogue/rules-slow.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const of = (seconds: string) => ({
  'prometheus_rule_group_last_duration_seconds{job="prometheus", instance="p1", rule_group="g"}': seconds,
  'prometheus_rule_group_interval_seconds{job="prometheus", instance="p1", rule_group="g"}': '10x80',
});

export const proof = proves(rulesSlow, {
  'it fires after ten minutes': fires(
    of('5.5x80'),
    ['9m45s', '10m30s'],
    [fired(rulesSlow, 'warning platform prometheus', { rule_group: 'g' }, 'Group g takes 55% of its interval.')],
  ),
  'it stays silent just below, for five minutes, and without data': [
    silent(of('4.5x80'), '15m'),
    silent(of('9x20 1x60'), ['5m', '15m']),
    silent({}, '15m'),
  ],
});
