import { poolClientsWaiting } from '../../../alerts/catalogue/pool-clients-waiting.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const wait =
  'pgbouncer_pools_client_maxwait_seconds{job="pgbouncer", instance="p1:9127", database="gomeet", user="app"}';

export const proof = proves(poolClientsWaiting, {
  'it fires after two minutes': fires(
    { [wait]: '2.25x40' },
    ['1m45s', '2m30s'],
    [
      fired(
        poolClientsWaiting,
        'warning data pgbouncer-do',
        { database: 'gomeet' },
        'The first in the queue for gomeet has waited 2.25s.',
      ),
    ],
  ),
  'it stays silent just below, for a minute, and without data': [
    silent({ [wait]: '1.75x40' }, '9m'),
    silent({ [wait]: '5x4 0x40' }, ['1m', '9m']),
    silent({}, '9m'),
  ],
});
