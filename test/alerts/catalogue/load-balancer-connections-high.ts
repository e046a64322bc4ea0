import { loadBalancerConnectionsHigh } from '../../../alerts/catalogue/load-balancer-connections-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const of = (id: string, exporter: string, held: number) => ({
  [`digitalocean_loadbalancer_connections{job="digitalocean-exporter", instance="${exporter}", id="${id}"}`]: `${held}x60`,
  [`digitalocean_loadbalancer_connections_limit{job="digitalocean-exporter", instance="${exporter}", id="${id}"}`]:
    '20000x60',
});

export const proof = proves(loadBalancerConnectionsHigh, {
  'it fires after five minutes for the one that is nearly full, once though two exporters see it': fires(
    { ...of('lb-1', 'e1', 18_000), ...of('lb-1', 'e2', 18_000), ...of('lb-2', 'e1', 3_000) },
    ['4m45s', '5m15s'],
    [
      fired(
        loadBalancerConnectionsHigh,
        'warning platform traefik',
        { id: 'lb-1' },
        'Load balancer lb-1 holds 90% of the connections it takes.',
      ),
    ],
  ),
  'it stays silent just below, and without data': [silent(of('lb-1', 'e1', 14_000), '9m'), silent({}, '9m')],
});
