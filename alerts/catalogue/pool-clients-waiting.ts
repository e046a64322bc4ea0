import { pgbouncerMetrics as pool } from '../../exporters/metrics/pgbouncer.ts';
import { postgresMetrics as pg } from '../../exporters/metrics/postgres.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds the first in the queue may wait. */
export const maxWaitSeconds = 2;
const wait = `max by (database) (${pool.longestWait.name})`;

/** Services wait for a connection to the database. */
export const poolClientsWaiting = defineAlert({
  name: 'PoolClientsWaiting',
  expr: `${wait} > ${maxWaitSeconds}`,
  for: duration('2m'),
  severity: 'warning',
  owner: 'data',
  group: 'warning',
  labels: { service: 'pgbouncer-do' },
  summary: 'Services wait for a connection to the database',
  description: 'The first in the queue for {{ $labels.database }} has waited {{ $value | humanizeDuration }}.',
  runbook: {
    meaning: `For two minutes the first client in a queue of PgBouncer has waited longer than ${maxWaitSeconds} s.`,
    impact: 'Whatever needs the database is slow by as much.',
    diagnosis: [
      { say: 'How long, how many?', query: wait },
      { say: 'Are all servers busy?', query: `sum by (database) (${pool.serversActive.name})` },
      { say: 'Is a transaction left open?', query: `max by (datname) (${pg.longestTransaction.name})` },
      { say: 'Are there connections left?', query: `sum(${pg.backends.name}) / max(${pg.maxConnections.name})` },
    ],
    mitigation: [callThePersonOnCall],
    person: 'End the long transaction, or enlarge the pool within what the database takes.',
    leave: 'A migration holds a lock for a minute.',
    answers: ['Database Connectivity Issues'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: wait, unit: 'seconds', threshold: maxWaitSeconds, direction: 'above', legend: '{{database}}' },
  },
});
