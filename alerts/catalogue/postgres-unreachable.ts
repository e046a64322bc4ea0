import { pgbouncerMetrics as pool } from '../../exporters/metrics/pgbouncer.ts';
import { postgresMetrics as pg } from '../../exporters/metrics/postgres.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** The database does not answer the exporter, which itself is well. Where `up` is 1 and this is 0 the old rule saw nothing. */
export const postgresUnreachable = defineAlert({
  name: 'PostgresUnreachable',
  expr: `min(${pg.up.name}) == 0`,
  for: duration('1m'),
  severity: 'critical',
  owner: 'data',
  group: 'critical',
  labels: { service: 'postgresql' },
  summary: 'PostgreSQL does not answer',
  description: 'The exporter runs and cannot reach the database.',
  runbook: {
    meaning:
      'For a minute PostgreSQL has refused the exporter: it is down, fails over, has no connection left, or the password was changed.',
    impact: 'Nobody can sign in or open a meeting. Meetings that run go on, since LiveKit needs only Valkey.',
    diagnosis: [
      {
        say: 'Is it only the exporter? Then the pool still gets through.',
        query: `sum by (database) (${pool.serversActive.name})`,
      },
      { say: 'Are there connections left?', query: `sum(${pg.backends.name}) / max(${pg.maxConnections.name})` },
      { say: 'What does DigitalOcean say?', command: 'doctl databases list', expect: 'Status online.' },
      {
        say: 'Was the password rotated, and did all get the new one?',
        command: 'kubectl -n gomeet get secret digitalocean-credentials -o jsonpath={.metadata.annotations}',
        expect: 'No rotation of the last hour.',
      },
    ],
    mitigation: [declareIncident(1, 'sign-in and opening meetings fail.'), callThePersonOnCall],
    person:
      '`gomeet database status` says what there is to go to; then `gomeet database promote` or `gomeet database restore`, with two people. Or give the exporter the new password.',
    leave: 'DigitalOcean fails over by itself within a minute or two.',
    answers: ['Database Connectivity Issues', 'PostgreSQL Recovery'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('5m'),
    signal: { query: `min(${pg.up.name})`, unit: 'count', threshold: 1, direction: 'below', legend: 'answers' },
  },
});
