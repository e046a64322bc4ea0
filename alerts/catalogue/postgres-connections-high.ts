import { pgbouncerMetrics as pool } from '../../exporters/metrics/pgbouncer.ts';
import { postgresMetrics as pg } from '../../exporters/metrics/postgres.ts';
import { duration } from '../../kernel/duration.ts';
import { defineTunable } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Share of the server's connections, 0 to 1. */
export const maxConnectionRatio = 0.8;
const used = `max by (instance) (sum by (instance) (${pg.backends.name}) / on (instance) max by (instance) (${pg.maxConnections.name}))`;

/** The database has hardly a connection left. Against what the server really takes, all databases together: the old rule waited for 4,000 of one. */
export const postgresConnectionsHigh = defineTunable(
  { threshold: maxConnectionRatio, range: [0.5, 0.95] },
  (limit) => ({
    name: 'PostgresConnectionsHigh',
    expr: `max(${used}) > ${limit}`,
    for: duration('5m'),
    severity: 'warning',
    owner: 'data',
    group: 'capacity',
    labels: { service: 'postgresql' },
    summary: 'The database has hardly a connection left',
    description: '{{ $value | humanizePercentage }} of the connections that PostgreSQL takes are in use.',
    runbook: {
      meaning: `For five minutes more than ${Number((100 * limit).toPrecision(6))} % of max_connections were in use.`,
      impact: 'The next service that starts is turned away, and with it sign-in or opening meetings.',
      diagnosis: [
        { say: 'How many of how many?', query: used },
        { say: 'Whose are they?', query: `sum by (datname) (${pg.backends.name})` },
        { say: 'Do clients wait at the pool?', query: `sum by (database) (${pool.clientsWaiting.name})` },
        {
          say: 'Does a service go past the pool?',
          command:
            'psql "$DATABASE_ADMIN_URL" -c "select client_addr, usename, count(*) from pg_stat_activity group by 1, 2 order by 3 desc"',
          expect: 'The addresses of PgBouncer first, and no pod of a service.',
        },
      ],
      mitigation: [declareIncident(3, 'services will be turned away.', 'one'), callThePersonOnCall],
      person: 'Send the services through PgBouncer, lower its pool, or take a larger database.',
      leave: 'A migration opens many for minutes.',
      answers: ['Database Connectivity Issues'],
    },
    response: {
      mode: 'suggest',
      escalateAfter: duration('4h'),
      signal: { query: used, unit: 'ratio', threshold: limit, direction: 'above', legend: '{{instance}}' },
    },
  }),
);
