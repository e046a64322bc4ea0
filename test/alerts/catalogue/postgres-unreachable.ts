import { postgresUnreachable } from '../../../alerts/catalogue/postgres-unreachable.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const answers = 'pg_up{job="postgres", instance="postgres-exporter:9187"}';

export const proof = proves(postgresUnreachable, {
  'it fires after a minute in which the database refused': fires(
    { [answers]: '1x4 0x40' },
    ['2m', '2m30s'],
    [fired(postgresUnreachable, 'critical data postgresql', {}, 'The exporter runs and cannot reach the database.')],
  ),
  'it stays silent while it answers, for a failover of half a minute, and without data': [
    silent({ [answers]: '1x40' }, '9m'),
    silent({ [answers]: '1x4 0x2 1x40' }, ['1m45s', '9m']),
    silent({}, '9m'),
  ],
});
