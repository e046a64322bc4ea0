import { pgbouncerMetrics as pool } from '../../exporters/metrics/pgbouncer.ts';
import { duration } from '../../kernel/duration.ts';
import { pgbouncer } from '../../manifests/catalogue/pgbouncer-do.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of the clients that a PgBouncer takes, 0 to 1. */
export const maxPoolClientsRatio = 0.8;
const by = (metric: string) => `sum by (instance) (${metric})`;
const used = `(${by(pool.clientsActive.name)} + ${by(pool.clientsWaiting.name)}) / max by (instance) (${pool.maxClients.name})`;

/** A PgBouncer takes hardly another client: the next pod of a service is turned away. */
export const poolConnectionsHigh = defineAlert({
  name: 'PoolConnectionsHigh',
  expr: `${used} > ${maxPoolClientsRatio}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'data',
  group: 'capacity',
  labels: { service: pgbouncer.name },
  summary: 'A connection pool takes hardly another client',
  description: 'The pool at {{ $labels.instance }} holds {{ $value | humanizePercentage }} of the clients it takes.',
  runbook: {
    meaning: `For five minutes a PgBouncer has held more than ${maxPoolClientsRatio * 100} % of max_client_conn.`,
    impact: 'The next service that starts is turned away, whatever the database has free.',
    diagnosis: [
      { say: 'Which, and how full?', query: used },
      { say: 'Do they wait?', query: `max by (database) (${pool.longestWait.name})` },
      {
        say: 'How many pools are there?',
        command: 'kubectl -n gomeet get pods -l app=pgbouncer-do',
        expect: 'As many as the catalogue has, all READY.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Add a pool (`gomeet scale manual pgbouncer-do 8`) or lower max_open of the services.',
    leave: 'A rollout holds old and new pods for minutes.',
    answers: ['Database Connectivity Issues'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('2h'),
    signal: { query: used, unit: 'ratio', threshold: maxPoolClientsRatio, direction: 'above', legend: '{{instance}}' },
  },
});
