import { responderMetrics as bot } from '../../exporters/metrics/responder.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds an accepted alert may wait. */
export const maxInboxAgeSeconds = 60;
const age = `max(${bot.inboxOldestAge.name})`;

/** Alerts that were accepted wait to be decided: the responder does not keep up, or hangs. */
export const inboxBacklog = defineAlert({
  name: 'InboxBacklog',
  expr: `${age} > ${maxInboxAgeSeconds}`,
  for: duration('1m'),
  severity: 'critical',
  owner: 'platform',
  group: 'bundle',
  labels: { service: 'responder' },
  summary: 'Alerts wait to be decided',
  description: 'The oldest alert has waited {{ $value | humanizeDuration }}.',
  runbook: {
    meaning: `The oldest alert that was accepted and not yet decided is older than ${maxInboxAgeSeconds} s.`,
    impact: 'Nothing is lost, and nothing is done: mitigations come late or not at all.',
    diagnosis: [
      { say: 'How many wait?', query: `max(${bot.inboxRows.name})` },
      { say: 'Does its store answer?', query: `sum by (peer, code) (increase(${bot.peerErrors.name}[5m]))` },
      {
        say: 'What does it say?',
        command: 'kubectl -n gomeet logs -l app=responder --since=5m --tail=50',
        expect: 'No line of level 50.',
      },
      { say: 'What may it do?', command: 'gomeet status', expect: 'No line that begins with stopped or frozen.' },
    ],
    mitigation: [callThePersonOnCall],
    person:
      'Restart the responder (`kubectl -n gomeet rollout restart deployment/responder`: nothing accepted is lost), or bring its database back; until then act by hand from the pages.',
    leave: 'A storm of hundreds of alerts: it works through them within minutes.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: { query: age, unit: 'seconds', threshold: maxInboxAgeSeconds, direction: 'above', legend: 'oldest' },
  },
});
