import { alertmanagerMetrics as am } from '../../exporters/metrics/alertmanager.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of the messages of an integration that may fail. */
export const maxFailedNotificationRatio = 0.1;
const share = `sum by (integration) (rate(${am.notificationFailures.name}[5m])) / sum by (integration) (rate(${am.notifications.name}[5m]))`;

/** Alertmanager does not get its messages out. */
export const notificationsFailing = defineAlert({
  name: 'NotificationsFailing',
  expr: `${share} > ${maxFailedNotificationRatio}`,
  for: duration('5m'),
  severity: 'critical',
  owner: 'platform',
  group: 'bundle',
  labels: { service: 'alertmanager' },
  summary: 'Alertmanager does not get its messages out',
  description: '{{ $value | humanizePercentage }} of the messages by {{ $labels.integration }} fail.',
  runbook: {
    meaning: 'For five minutes more than a tenth of the messages of this integration failed.',
    impact:
      'Alerts fire and nobody hears of them by this way. `webhook` is the responder, `email` and `slack` are people.',
    diagnosis: [
      { say: 'Which way?', query: share },
      {
        say: 'Why?',
        command: 'kubectl -n gomeet logs -l app=alertmanager --since=15m --tail=50',
        expect: 'No line with Notify for alerts failed.',
      },
      { say: 'Does the responder answer?', command: 'gomeet doctor', expect: 'Every line ok.' },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Repair the token, the address or the way out.',
    leave: 'Slack says that it has trouble: e-mail still goes.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: {
      query: share,
      unit: 'ratio',
      threshold: maxFailedNotificationRatio,
      direction: 'above',
      legend: '{{integration}}',
    },
  },
});
