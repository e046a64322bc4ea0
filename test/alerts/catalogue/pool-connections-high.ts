import { poolConnectionsHigh } from '../../../alerts/catalogue/pool-connections-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const of = (instance: string, active: number, waiting: number) => {
  const labels = `job="pgbouncer", instance="${instance}", database="gomeet", user="app"`;
  return {
    [`pgbouncer_pools_client_active_connections{${labels}}`]: `${active}x60`,
    [`pgbouncer_pools_client_waiting_connections{${labels}}`]: `${waiting}x60`,
    [`pgbouncer_config_max_client_connections{job="pgbouncer", instance="${instance}"}`]: '5000x60',
  };
};

export const proof = proves(poolConnectionsHigh, {
  'it fires after five minutes for the pool that is nearly full, those that wait included': fires(
    { ...of('p1:9127', 4_000, 500), ...of('p2:9127', 400, 0) },
    ['4m45s', '5m15s'],
    [
      fired(
        poolConnectionsHigh,
        'warning data pgbouncer-do',
        { instance: 'p1:9127' },
        'The pool at p1:9127 holds 90% of the clients it takes.',
      ),
    ],
  ),
  'it stays silent just below, and without data': [silent(of('p1:9127', 3_500, 0), '9m'), silent({}, '9m')],
});
