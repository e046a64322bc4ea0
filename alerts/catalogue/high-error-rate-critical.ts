import { postgresMetrics as pg } from '../../exporters/metrics/postgres.ts';
import { redisMetrics as redis } from '../../exporters/metrics/redis.ts';
import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
import { duration } from '../../kernel/duration.ts';
import { defineTunable } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Share of requests from outside, 0 to 1, that may end in an error of ours. */
export const maxGatewayErrorRatio = 0.1;
/** Requests a second below which a few errors would be the whole share. */
export const minRequestsPerSecond = 1;
const all = `sum(rate(${traefik.entrypointRequests.name}{entrypoint="websecure"}[5m]))`;
const ratio = `sum(rate(${traefik.entrypointRequests.name}{entrypoint="websecure", code=~"5.."}[5m])) / ${all}`;

/** So many requests fail that the product is down for many. By what the gateway sees, whatever the services say or fail to say. */
export const highErrorRateCritical = defineTunable(
  { threshold: maxGatewayErrorRatio, range: [0.02, 0.5] },
  (limit) => ({
    name: 'HighErrorRateCritical',
    expr: `${ratio} > ${limit}\nand ${all} > ${minRequestsPerSecond}`,
    for: duration('2m'),
    severity: 'critical',
    owner: 'api',
    group: 'critical',
    labels: { service: 'traefik' },
    summary: 'So many requests fail that the product is down for many',
    description: '{{ $value | humanizePercentage }} of the requests from outside end in an error.',
    runbook: {
      meaning: `For two minutes more than ${Number((100 * limit).toPrecision(6))} % of the requests at the gateway were answered 5xx, its own 502 and 504 among them.`,
      impact:
        'Nobody can rely on anything: sign-in, joining, chat. Meetings that run go on until somebody has to rejoin.',
      diagnosis: [
        {
          say: 'Which service? A code of 502 or 504 is one that does not answer at all.',
          query: `sum by (service, code) (rate(${traefik.serviceRequests.name}{code=~"5.."}[5m]))`,
        },
        {
          say: 'Do its pods run?',
          command: 'kubectl -n gomeet get pods --field-selector=status.phase!=Running',
          expect: 'No resources found.',
        },
        {
          say: 'Is it the database or Valkey? 0 is the one that does not answer.',
          query: `min by (job) (${pg.up.name}) or min by (job) (${redis.up.name})`,
        },
        {
          say: 'What changed last?',
          command: 'kubectl -n gomeet get replicasets --sort-by=.metadata.creationTimestamp',
          expect: 'The last line is older than the trouble.',
        },
        {
          say: 'What happened in the cluster?',
          command: 'kubectl -n gomeet get events --sort-by=.lastTimestamp',
          expect: 'No warnings of the last quarter of an hour.',
        },
      ],
      mitigation: [declareIncident(1, 'somebody leads, somebody repairs, somebody tells people.'), callThePersonOnCall],
      person:
        'Roll back what changed last (`gomeet rollout rollback SERVICE`); if nothing changed, follow what the failing service leans on. Tell people on the status page.',
      leave: 'Only the gateway is rolled out anew right now: wait the two minutes that takes.',
      answers: ['Service Outage Response', 'Log Analysis'],
    },
    response: {
      mode: 'auto',
      escalateAfter: duration('5m'),
      signal: { query: ratio, unit: 'ratio', threshold: limit, direction: 'above', legend: 'errors' },
    },
  }),
);
