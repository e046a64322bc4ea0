import { responderMetrics as bot } from '../../exporters/metrics/responder.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Refusals in an hour by one alert that nobody has to look at. */
export const maxRefusals = 30;
const refused = `sum by (alertname, reason) (increase(${bot.decisions.name}{outcome="refuse", reason!~"silenced|shadow|freeze|stopped"}[1h]))`;

/** The responder would act and a guard keeps it from it, again and again. */
export const actionsRefused = defineAlert({
  name: 'ActionsRefused',
  // The label `alertname` is taken by this alert's own name.
  expr: `label_replace(${refused} > ${maxRefusals}, "for_alert", "$1", "alertname", "(.+)")`,
  for: duration('0s'),
  severity: 'warning',
  owner: 'platform',
  group: 'bundle',
  labels: { service: 'responder' },
  summary: 'A guard keeps the responder from acting',
  description:
    '{{ $value | printf "%.0f" }} times in an hour nothing was done for {{ $labels.for_alert }}: {{ $labels.reason }}.',
  runbook: {
    meaning: `For one alert the same guard has refused more than ${maxRefusals} times within an hour; an open episode is decided anew each minute.`,
    impact: 'What the runbook would do is not done; the alert goes on.',
    diagnosis: [
      { say: 'Which alert, which guard?', query: refused },
      { say: 'What did the guards see?', command: 'gomeet explain EPISODE', expect: 'Every guard with its reading.' },
      {
        say: 'What may the responder do?',
        command: 'gomeet status',
        expect: 'No line that begins with stopped or frozen.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Do by hand what the page says, or move the limit that holds it back, if it is wrong.',
    leave: 'The limit is right: people handle it already.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: {
      query: refused,
      unit: 'count',
      threshold: maxRefusals,
      direction: 'above',
      legend: '{{alertname}} {{reason}}',
    },
  },
});
