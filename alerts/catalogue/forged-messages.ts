import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { responderMetrics as bot } from '../../exporters/metrics/responder.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Forged messages in a quarter of an hour that are tolerated: a rotated key makes a few. */
export const maxForgedMessages = 5;
const forged = [
  `sum(increase(${exporter.webhookEvents.name}{result=~"unsigned|forged"}[15m]))`,
  `sum(increase(${bot.webhookRequests.name}{result="unauthorized"}[15m]))`,
  `sum(increase(${bot.clicks.name}{result=~"unsigned|forged|stale|future"}[15m]))`,
]
  .map((part, index) => `label_replace(${part}, "at", "${['livekit', 'alertmanager', 'slack'][index]}", "", "")`)
  .join('\nor ');

/** Somebody sends webhooks or clicks that are not signed as they should be. */
export const forgedMessages = defineAlert({
  name: 'ForgedMessages',
  expr: `(${forged}) > ${maxForgedMessages}`,
  for: duration('0s'),
  severity: 'warning',
  owner: 'platform',
  group: 'security',
  labels: { service: 'responder' },
  summary: 'Somebody sends forged webhooks or clicks',
  description: '{{ $value | printf "%.0f" }} messages at {{ $labels.at }} were not signed as they should be.',
  runbook: {
    meaning: `More than ${maxForgedMessages} messages in a quarter of an hour had no signature, a wrong one, or one that was used before.`,
    impact: 'None of them had any effect. Somebody tries, or a key was rotated at one end only.',
    diagnosis: [
      { say: 'At which door?', query: forged },
      {
        say: 'What does the responder say?',
        command: 'kubectl -n gomeet logs -l app=responder --since=15m --tail=50',
        expect: 'No refused requests.',
      },
      { say: 'Was a key rotated at one end only?', command: 'gomeet doctor', expect: 'Every line ok.' },
    ],
    mitigation: [declareIncident(3, 'find out who sends them.', 'one'), callThePersonOnCall],
    person: 'Give both ends the same key, or close the way in from outside.',
    leave: 'Somebody tests the signature check with us.',
    answers: ['Security Incident Response'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: forged, unit: 'count', threshold: maxForgedMessages, direction: 'above', legend: '{{at}}' },
  },
});
