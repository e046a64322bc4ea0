import { postgresConnectionsHigh } from '../../../alerts/catalogue/postgres-connections-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const server = 'server="db:25060"';
const of = (instance: string, first: string, second: string) => ({
  [`pg_stat_database_numbackends{job="postgres", instance="${instance}", ${server}, datid="1", datname="gomeet"}`]:
    first,
  [`pg_stat_database_numbackends{job="postgres", instance="${instance}", ${server}, datid="2", datname="grafana"}`]:
    second,
  [`pg_settings_max_connections{job="postgres", instance="${instance}", ${server}}`]: '500x100',
});

export const proof = proves(postgresConnectionsHigh, {
  'it fires after five minutes over all databases of the server: 4,000 of one was out of reach': fires(
    of('e1', '400x100', '45x100'),
    ['4m45s', '5m30s'],
    [
      fired(
        postgresConnectionsHigh,
        'warning data postgresql',
        {},
        '89% of the connections that PostgreSQL takes are in use.',
      ),
    ],
  ),
  'it stays silent just below, for two exporters that count the same, and without data': [
    silent(of('e1', '300x100', '60x100'), '9m'),
    silent({ ...of('e1', '220x100', '30x100'), ...of('e2', '220x100', '30x100') }, '9m'),
    silent({}, '9m'),
  ],
});
