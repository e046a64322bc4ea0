import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Times as many as an hour before that are tolerated. */
export const maxTimesAsBefore = 5;
/** Answers a second below which any rise is a trifle. */
export const minAnswersPerSecond = 10;
const now = `sum(rate(${traefik.entrypointRequests.name}{code="401"}[5m]))`;
const before = `sum(rate(${traefik.entrypointRequests.name}{code="401"}[1h] offset 10m))`;

/** Many more requests than before come without a right to: somebody tries passwords, or all tokens went bad at once. */
export const unauthorizedSpike = defineAlert({
  name: 'UnauthorizedSpike',
  expr: `${now} > ${maxTimesAsBefore} * ${before}\nand ${now} > ${minAnswersPerSecond}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'platform',
  group: 'security',
  labels: { service: 'traefik' },
  summary: 'Many more requests than before are turned away as unknown',
  description: '{{ $value | humanize }} answers a second are 401.',
  runbook: {
    meaning: `For five minutes the gateway has answered 401 more than ${maxTimesAsBefore} times as often as in the hour before.`,
    impact: 'Either accounts are being tried, or a rotated key has signed everybody out.',
    diagnosis: [
      { say: 'Since when, and how many?', query: now },
      { say: 'By which service?', query: `sum by (service) (rate(${traefik.serviceRequests.name}{code="401"}[5m]))` },
      {
        say: 'From where? Many from a few addresses is an attack, many from everywhere a release.',
        command: 'kubectl -n gomeet logs -l app=traefik --since=15m --tail=1000',
        expect: 'Few lines with 401, from many addresses.',
      },
      {
        say: 'Was a secret rotated?',
        command: 'kubectl -n gomeet get secret gomeet-secrets -o jsonpath={.metadata.creationTimestamp}',
        expect: 'Older than the trouble.',
      },
    ],
    mitigation: [declareIncident(3, 'find out whether it is an attack or a release.', 'one'), callThePersonOnCall],
    person: 'Block the addresses at the firewall, or give all services the same JWT key.',
    leave:
      'A client was released whose old tokens end: it calms down within the quarter of an hour that a token lives.',
    answers: ['Security Incident Response', 'Log Analysis'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1h'),
    signal: { query: now, unit: 'count', threshold: minAnswersPerSecond, direction: 'above', legend: '401 a second' },
  },
});
