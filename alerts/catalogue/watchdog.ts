import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';

/** Fires always. What matters is when it stops: then the heartbeat outside calls. */
export const watchdog = defineAlert({
  name: 'Watchdog',
  expr: 'vector(1)',
  for: duration('0s'),
  severity: 'info',
  owner: 'platform',
  group: 'bundle',
  labels: { service: 'prometheus' },
  summary: 'Alerting works',
  description: 'This alert fires always; its absence at the heartbeat is the alarm.',
  runbook: {
    meaning:
      'Prometheus evaluates rules and Alertmanager delivers. If the heartbeat service says that this stopped, no other alert can be trusted to arrive.',
    impact: 'While it fires: none. Once it stops: the platform runs without alerts and without the responder.',
    diagnosis: [
      {
        say: 'Do Prometheus and Alertmanager run?',
        command: 'kubectl -n gomeet get pods -l "app in (prometheus, alertmanager)"',
        expect: 'All Running, READY n/n, no restarts of late.',
      },
      { say: 'Do deliveries fail?', query: 'sum by (integration) (rate(alertmanager_notifications_failed_total[5m]))' },
      { say: 'Do rules fail?', query: 'sum by (rule_group) (rate(prometheus_rule_evaluation_failures_total[5m]))' },
    ],
    mitigation: [],
    person: 'Nothing while it fires. When the heartbeat calls, repair Prometheus and Alertmanager first.',
    leave: 'Always, while it fires.',
  },
  response: {
    mode: 'shadow',
    escalateAfter: duration('1h'),
    signal: { query: 'vector(1)', unit: 'count', threshold: 1, direction: 'below', legend: 'watchdog' },
  },
  limits: { maxActsPerHour: 0 },
});
