import { contractMetrics as contract } from '../../exporters/metrics/contracts.ts';
import { pgbouncerMetrics as pool } from '../../exporters/metrics/pgbouncer.ts';
import { postgresMetrics as pg } from '../../exporters/metrics/postgres.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Seconds at the 95th percentile: the operations runbook has 1. */
export const maxResponseSeconds = 1;
const p95 = `histogram_quantile(0.95, sum(rate(${contract.httpDuration.name}_bucket[5m])) by (le, service))`;

/** The operations runbook's alert, word for word: each service by itself. */
export const highResponseTime = defineAlert({
  name: 'HighResponseTime',
  expr: `${p95} > ${maxResponseSeconds}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'api',
  group: 'warning',
  ruleGroup: 'gomeet.rules',
  summary: 'High response time detected',
  description: '95th percentile response time is {{ $value }}s',
  runbook: {
    meaning: `For five minutes one in twenty requests to this service took longer than ${maxResponseSeconds} s.`,
    impact: 'Everything that waits for this service is slow: sign-in, opening a meeting, chat.',
    diagnosis: [
      { say: 'Which service, and since when?', query: p95 },
      {
        say: 'Is it short of CPU?',
        command: 'kubectl -n gomeet top pods -l app=SERVICE',
        expect: 'CPU below what it requests.',
      },
      { say: 'Does it wait for the database?', query: `max by (datname) (${pg.longestTransaction.name})` },
      { say: 'Does it wait for a connection?', query: `max by (database) (${pool.longestWait.name})` },
      {
        say: 'Is it at its maximum of replicas?',
        command: 'kubectl -n gomeet get hpa',
        expect: 'REPLICAS below MAXPODS.',
      },
    ],
    mitigation: [declareIncident(3, 'find what it waits for.', 'one'), callThePersonOnCall],
    person:
      'Give it more replicas (`gomeet scale manual SERVICE 12`), or repair the slow query or the peer that it waits for.',
    leave: 'A single report that takes long by its nature; its route then belongs out of the histogram.',
    answers: ['High CPU/Memory Usage'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1h'),
    signal: { query: p95, unit: 'seconds', threshold: maxResponseSeconds, direction: 'above', legend: '{{service}}' },
  },
});
