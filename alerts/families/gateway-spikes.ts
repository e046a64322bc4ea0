import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
import { duration } from '../../kernel/duration.ts';
import { type Alert, type Diagnosis, defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Times as many as an hour before that are tolerated. */
const maxTimesAsBefore = 5;

/** A code with which the gateway turns requests away, and what a sudden rise of it means. */
interface Spike {
  readonly name: string;
  readonly code: 401 | 403 | 429;
  /** Answers a second below which any rise is a trifle. */
  readonly minPerSecond: number;
  readonly summary: string;
  readonly impact: string;
  readonly look: Diagnosis;
  readonly person: string;
  readonly leave: string;
}

const spikes: readonly Spike[] = [
  {
    name: 'UnauthorizedSpike',
    code: 401,
    minPerSecond: 10,
    summary: 'Many more requests than before are turned away as unknown',
    impact: 'Either accounts are being tried, or a rotated key has signed everybody out.',
    look: {
      say: 'Was a secret rotated?',
      command: 'gomeet secrets list',
      expect: 'JWT_SECRET older than the trouble.',
    },
    person: 'Block the addresses at the firewall, or give all services the same JWT key.',
    leave:
      'A client was released whose old tokens end: it calms down within the quarter of an hour that a token lives.',
  },
  {
    name: 'ForbiddenSpike',
    code: 403,
    minPerSecond: 5,
    summary: 'Many more requests than before are refused',
    impact: 'Somebody looks for what is open, or a release took a right away from people.',
    look: {
      say: 'Was something rolled out?',
      command: 'kubectl -n gomeet get replicasets --sort-by=.metadata.creationTimestamp',
      expect: 'The last line is older than the trouble.',
    },
    person: 'Block the addresses at the firewall, or roll the release back.',
    leave: 'A scan that we ordered ourselves.',
  },
  {
    name: 'RateLimitedSpike',
    code: 429,
    minPerSecond: 20,
    summary: 'Many more requests than before run into the rate limits',
    impact: 'Whoever floods us is held off; people behind the same address are held off with them.',
    look: { say: 'Is a large meeting just beginning?', query: `rate(${exporter.participantJoins.name}[5m])` },
    person: 'Block the addresses, or raise the limit of a route that people need more of.',
    leave: 'A large meeting begins and hundreds come through one company address: raise the limit for it.',
  },
];

/** Sudden rises of what the gateway turns away. */
export const gatewaySpikes: readonly Alert[] = spikes.map(({ name, code, minPerSecond, look, ...words }) => {
  const now = `sum(rate(${traefik.entrypointRequests.name}{code="${code}"}[5m]))`;
  // What was never answered before has no series an hour ago.
  const before = `(sum(rate(${traefik.entrypointRequests.name}{code="${code}"}[1h] offset 10m)) or vector(0))`;
  return defineAlert({
    name,
    expr: `${now} > ${maxTimesAsBefore} * ${before}\nand ${now} > ${minPerSecond}`,
    for: duration('5m'),
    severity: 'warning',
    owner: 'platform',
    group: 'security',
    labels: { service: 'traefik' },
    summary: words.summary,
    description: `{{ $value | humanize }} answers a second are ${code}.`,
    runbook: {
      meaning: `For five minutes the gateway has answered ${code} more than ${maxTimesAsBefore} times as often as in the hour before. It ends by itself after some twenty minutes, when that hour is full of them: look at the figure, not at the alert, to see whether it is over.`,
      impact: words.impact,
      diagnosis: [
        { say: 'Since when, and how many?', query: now },
        {
          say: 'By which service?',
          query: `sum by (service) (rate(${traefik.serviceRequests.name}{code="${code}"}[5m]))`,
        },
        {
          say: 'From where? Many from a few addresses is an attack, many from everywhere a release.',
          command: 'kubectl -n gomeet logs -l app=traefik --since=15m --tail=1000',
          expect: `Few lines with ${code}, from many addresses.`,
        },
        look,
      ],
      mitigation: [declareIncident(3, 'find out whether it is an attack or a release.', 'one'), callThePersonOnCall],
      person: words.person,
      leave: words.leave,
      answers: ['Security Incident Response', 'Log Analysis'],
    },
    response: {
      mode: 'suggest',
      escalateAfter: duration('1h'),
      signal: { query: now, unit: 'count', threshold: minPerSecond, direction: 'above', legend: `${code} a second` },
    },
  });
});
