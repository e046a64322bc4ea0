import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Times as many as an hour before that are tolerated. */
export const maxTimesAsBefore = 5;
/** Answers a second below which any rise is a trifle. */
export const minAnswersPerSecond = 20;
const now = `sum(rate(${traefik.entrypointRequests.name}{code="429"}[5m]))`;
const before = `sum(rate(${traefik.entrypointRequests.name}{code="429"}[1h] offset 10m))`;

/** Many more requests than before run into the rate limits. */
export const rateLimitedSpike = defineAlert({
  name: 'RateLimitedSpike',
  expr: `${now} > ${maxTimesAsBefore} * ${before}\nand ${now} > ${minAnswersPerSecond}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'platform',
  group: 'security',
  labels: { service: 'traefik' },
  summary: 'Many more requests than before run into the rate limits',
  description: '{{ $value | humanize }} answers a second are 429.',
  runbook: {
    meaning: `For five minutes the gateway has answered 429 more than ${maxTimesAsBefore} times as often as in the hour before.`,
    impact: 'Whoever floods us is held off; people behind the same address are held off with them.',
    diagnosis: [
      { say: 'Since when, and how many?', query: now },
      { say: 'By which service?', query: `sum by (service) (rate(${traefik.serviceRequests.name}{code="429"}[5m]))` },
      {
        say: 'From where? Many from a few addresses is an attack, many from everywhere a release.',
        command: 'kubectl -n gomeet logs -l app=traefik --since=15m --tail=1000',
        expect: 'Few lines with 429, from many addresses.',
      },
      { say: 'Is a large meeting just beginning?', query: `rate(${exporter.participantJoins.name}[5m])` },
    ],
    mitigation: [declareIncident(3, 'find out whether it is an attack or a release.', 'one'), callThePersonOnCall],
    person: 'Block the addresses, or raise the limit of a route that people need more of.',
    leave: 'A large meeting begins and hundreds come through one company address: raise the limit for it.',
    answers: ['Security Incident Response', 'Log Analysis'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1h'),
    signal: { query: now, unit: 'count', threshold: minAnswersPerSecond, direction: 'above', legend: '429 a second' },
  },
});
