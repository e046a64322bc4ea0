import { probeMetrics as probe } from '../../exporters/metrics/probe.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { joinRules } from '../recording/joins.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const succeeded = `max(${probe.success.name})`;

/** Our own trial meeting fails: what a person would try does not work, whatever the parts say of themselves. */
export const trialMeetingFailing = defineAlert({
  name: 'TrialMeetingFailing',
  expr: `${succeeded} == 0`,
  for: duration('3m'),
  severity: 'critical',
  owner: 'media',
  group: 'critical',
  labels: { service: 'livekit-sfu' },
  summary: 'A trial meeting fails',
  description: 'The trial meeting has not gone all the way for minutes.',
  runbook: {
    meaning:
      'The probe joins a room of its own each minute, publishes and listens. For three minutes it has not got through.',
    impact: 'Most likely people cannot join either, or hear and see nothing.',
    diagnosis: [
      { say: 'At which stage, and why?', query: `sum by (stage, reason) (increase(${probe.failures.name}[10m]))` },
      { say: 'Do people fail as well?', query: joinRules.mediaFailures.record },
      {
        say: 'What does the probe say?',
        command: 'kubectl -n gomeet logs deployment/meeting-probe --tail=50',
        expect: 'One meeting a minute, each with all stages.',
      },
      {
        say: "Is it only the probe's way in?",
        command: 'curl -sS -I https://livekit.gomeet.com',
        expect: 'HTTP/2 200.',
      },
    ],
    mitigation: [declareIncident(2, 'joining or media is broken for an unknown share of people.'), callThePersonOnCall],
    person:
      'Follow the stage: validate is keys, websocket the gateway, signal Valkey or LiveKit, join and media UDP and TURN.',
    leave: "The SFU fleet is rolled out anew and the probe's node drains: one meeting of its own may fail.",
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('5m'),
    signal: { query: succeeded, unit: 'count', threshold: 1, direction: 'below', legend: 'went all the way' },
  },
});
