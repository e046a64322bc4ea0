import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Times as many as an hour before that are tolerated. */
export const maxTimesAsBefore = 5;
/** Answers a second below which any rise is a trifle. */
export const minAnswersPerSecond = 5;
const now = `sum(rate(${traefik.entrypointRequests.name}{code="403"}[5m]))`;
const before = `sum(rate(${traefik.entrypointRequests.name}{code="403"}[1h] offset 10m))`;

/** Many more requests than before ask for what they may not have. */
export const forbiddenSpike = defineAlert({
  name: 'ForbiddenSpike',
  expr: `${now} > ${maxTimesAsBefore} * ${before}\nand ${now} > ${minAnswersPerSecond}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'platform',
  group: 'security',
  labels: { service: 'traefik' },
  summary: 'Many more requests than before are refused',
  description: '{{ $value | humanize }} answers a second are 403.',
  runbook: {
    meaning: `For five minutes the gateway has answered 403 more than ${maxTimesAsBefore} times as often as in the hour before.`,
    impact: 'Somebody looks for what is open, or a release took a right away from people.',
    diagnosis: [
      { say: 'Since when, and how many?', query: now },
      { say: 'By which service?', query: `sum by (service) (rate(${traefik.serviceRequests.name}{code="403"}[5m]))` },
      {
        say: 'From where? Many from a few addresses is an attack, many from everywhere a release.',
        command: 'kubectl -n gomeet logs -l app=traefik --since=15m --tail=1000',
        expect: 'Few lines with 403, from many addresses.',
      },
      {
        say: 'Was something rolled out?',
        command: 'kubectl -n gomeet get replicasets --sort-by=.metadata.creationTimestamp',
        expect: 'The last line is older than the trouble.',
      },
    ],
    mitigation: [declareIncident(3, 'find out whether it is an attack or a release.', 'one'), callThePersonOnCall],
    person: 'Block the addresses at the firewall, or roll the release back.',
    leave: 'A scan that we ordered ourselves.',
    answers: ['Security Incident Response', 'Log Analysis'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1h'),
    signal: { query: now, unit: 'count', threshold: minAnswersPerSecond, direction: 'above', legend: '403 a second' },
  },
});
