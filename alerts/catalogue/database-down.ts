import { postgresMetrics as pg } from '../../exporters/metrics/postgres.ts';
import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const down = `${prom.up.name}{job="${jobs.postgres}"}`;

/** The operations runbook's alert, word for word: the exporter of the database does not answer. PostgresUnreachable is the one that knows of the database itself. */
export const databaseDown = defineAlert({
  name: 'DatabaseDown',
  expr: `${down} == 0`,
  for: duration('1m'),
  severity: 'critical',
  owner: 'data',
  group: 'critical',
  ruleGroup: 'gomeet.rules',
  labels: { service: 'postgresql' },
  summary: 'Database is down',
  description: 'PostgreSQL database has been down for more than 1 minute',
  runbook: {
    meaning:
      'The exporter that watches PostgreSQL has not answered for a minute. Either its pod is gone, or it hangs on a database that is.',
    impact:
      'If it is the database: nobody can sign in or open a meeting; meetings that run go on. If it is the exporter: nothing of the database can be seen.',
    diagnosis: [
      { say: 'Does the database itself answer?', query: pg.up.name },
      {
        say: 'Does the exporter run?',
        command: 'kubectl -n gomeet get pods -l app=postgres-exporter',
        expect: '1/1 Running.',
      },
      {
        say: 'Do the services reach it?',
        command: 'kubectl -n gomeet logs -l app=auth-service --since=5m --tail=50',
        expect: 'No refused or timed out connections.',
      },
      { say: 'What does DigitalOcean say of the cluster?', command: 'doctl databases list', expect: 'Status online.' },
      {
        say: 'Can it be reached from a pod?',
        command: 'gomeet debug tcp HOST 25060 --from pgbouncer-do',
        expect: 'yes.',
      },
    ],
    mitigation: [
      {
        say: 'Restart the exporter: harmless, and it cures the case in which only it hangs.',
        action: 'restartWorkload',
        params: { workload: 'postgres-exporter' },
        approval: 'none',
      },
      declareIncident(1, 'sign-in and opening meetings fail if it is the database.'),
      callThePersonOnCall,
    ],
    person:
      "A read-only replica takes over with `gomeet database promote`, a new cluster comes from the service's own backup with `gomeet database restore`; both take two people. A dead exporter is restarted.",
    leave: 'DigitalOcean fails over by itself within a minute or two: wait for that before anything else.',
    answers: ['Database Connectivity Issues', 'PostgreSQL Recovery', 'Port Forwarding'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('5m'),
    signal: { query: down, unit: 'count', threshold: 1, direction: 'below', legend: '{{instance}}' },
  },
  limits: { cooldown: duration('30m'), maxActsPerHour: 1, maxFleetShareRatio: 1, maxParticipants: 0 },
});
