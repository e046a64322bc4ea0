import { alertmanagerMetrics as am } from '../../exporters/metrics/alertmanager.ts';
import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

const loaded = `min by (job) (${prom.configReloaded.name} or ${am.configReloaded.name})`;

/** The configuration on disk is not the one in force. */
export const configReloadFailed = defineAlert({
  name: 'ConfigReloadFailed',
  expr: `${loaded} == 0`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'platform',
  group: 'bundle',
  labels: { service: 'prometheus' },
  summary: 'A configuration was not taken up',
  description: '{{ $labels.job }} runs with an older configuration than the one on disk.',
  runbook: {
    meaning: 'Prometheus or Alertmanager refused what was last written for it.',
    impact: 'New rules, targets or routes have no effect; the old ones go on.',
    diagnosis: [
      { say: 'Which?', query: loaded },
      {
        say: 'Why?',
        command: 'kubectl -n gomeet logs -l "app in (prometheus, alertmanager)" --since=15m --tail=50',
        expect: 'Completed loading of configuration file.',
      },
      {
        say: 'Is what is on disk what was built?',
        command: 'gomeet build --check',
        expect: 'All files are up to date.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Mend what it complains of, and apply it again.',
    leave: 'A rollout of the configuration is under way.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: loaded, unit: 'count', threshold: 1, direction: 'below', legend: '{{job}}' },
  },
});
