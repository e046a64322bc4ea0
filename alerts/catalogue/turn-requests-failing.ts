import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
import { duration } from '../../kernel/duration.ts';
import { turnService } from '../../manifests/catalogue/turn-service.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Share of requests for TURN credentials, 0 to 1, that may fail. */
export const maxTurnFailureRatio = 0.05;
/** Requests a second below which single failures would be the whole share. */
export const minTurnRequestsPerSecond = 0.1;
const requests = (more = '') =>
  `sum(rate(${traefik.serviceRequests.name}{service=~".*${turnService.name}.*"${more}}[5m]))`;
const failing = `${requests(', code=~"5.."')} / ${requests()}`;

/** Who needs a relay gets none: the gateway sees it, since no relay of LiveKit's says how many allocations it refused. */
export const turnRequestsFailing = defineAlert({
  name: 'TurnRequestsFailing',
  expr: `${failing} > ${maxTurnFailureRatio}\nand ${requests()} >= ${minTurnRequestsPerSecond}`,
  for: duration('3m'),
  severity: 'critical',
  owner: 'media',
  group: 'critical',
  labels: { service: turnService.name },
  summary: 'People get no TURN credentials',
  description: '{{ $value | humanizePercentage }} of the requests for TURN credentials fail.',
  runbook: {
    meaning: `For three minutes more than ${maxTurnFailureRatio * 100} % of the requests for TURN credentials were answered 5xx: without them no relay is allocated.`,
    impact: 'People behind strict firewalls, a tenth or so, cannot hear or see anybody.',
    diagnosis: [
      { say: 'How many fail?', query: failing },
      {
        say: 'Do its pods run?',
        command: 'kubectl -n gomeet get pods -l app=turn-service',
        expect: 'All Running and READY.',
      },
      {
        say: 'What does it say?',
        command: 'kubectl -n gomeet logs -l app=turn-service --tail=50',
        expect: 'No line that speaks of Valkey or of the secret.',
      },
    ],
    mitigation: [declareIncident(2, 'people behind firewalls are shut out.'), callThePersonOnCall],
    person: 'Mend what it leans on (Valkey, TURN_SECRET); roll back what was rolled out.',
    leave: 'It is being rolled out anew right now: wait two minutes.',
    answers: ['Service Not Starting'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: { query: failing, unit: 'ratio', threshold: maxTurnFailureRatio, direction: 'above', legend: 'failed' },
  },
});
