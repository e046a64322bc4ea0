import { contractMetrics as contract } from '../../exporters/metrics/contracts.ts';
import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Percent of answers that may be errors of ours: the operations runbook has 5. */
export const maxErrorPercent = 5;
const percent = `sum(rate(${contract.httpRequests.name}{status=~"5.."}[5m])) / sum(rate(${contract.httpRequests.name}[5m])) * 100`;

/** The operations runbook's alert, word for word. It rests on what the services promise to say of themselves; HighErrorRateCritical does not. */
export const highErrorRate = defineAlert({
  name: 'HighErrorRate',
  expr: `${percent} > ${maxErrorPercent}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'api',
  group: 'warning',
  ruleGroup: 'gomeet.rules',
  labels: { service: 'traefik' },
  summary: 'High error rate detected',
  description: 'Error rate is {{ $value }}% for the last 5 minutes',
  runbook: {
    meaning: `For five minutes more than ${maxErrorPercent} % of the answers of all services together were 5xx.`,
    impact: 'People see errors: sign-in, lists of meetings, chat. Meetings that run are not touched.',
    diagnosis: [
      {
        say: 'Which service answers with errors?',
        query: `sum by (service) (rate(${contract.httpRequests.name}{status=~"5.."}[5m]))`,
      },
      {
        say: 'What does the gateway see?',
        query: `sum by (code) (rate(${traefik.entrypointRequests.name}{code=~"5.."}[5m]))`,
      },
      {
        say: 'What does it say?',
        command: 'kubectl -n gomeet logs -l app=SERVICE --since=15m --tail=100',
        expect: 'No stack traces and no refused connections.',
      },
      {
        say: 'Was it rolled out just before?',
        command: 'kubectl -n gomeet rollout history deployment/SERVICE',
        expect: 'The newest revision is days old.',
      },
    ],
    mitigation: [
      declareIncident(3, 'find which service fails, and whether a release brought it.', 'one'),
      callThePersonOnCall,
    ],
    person: 'Take back the release that brought it, or repair what the service leans on (database, Valkey, LiveKit).',
    leave:
      'A client that sends nonsense is answered 4xx; only 5xx count here. A load test that breaks things on purpose needs no answer.',
    answers: ['Log Analysis'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('30m'),
    signal: { query: percent, unit: 'count', threshold: maxErrorPercent, direction: 'above', legend: 'percent' },
  },
});
