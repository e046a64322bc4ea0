import { loadBalancerDown } from '../../../alerts/catalogue/load-balancer-down.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const of = (metric: string) =>
  `digitalocean_loadbalancer_${metric}{job="digitalocean-exporter", id="lb1", name="gomeet"}`;
const down = fired(
  loadBalancerDown,
  'critical platform traefik',
  { id: 'lb1', name: 'gomeet' },
  'Load balancer gomeet is not active, or has no machine behind it.',
);

export const proof = proves(loadBalancerDown, {
  'it fires after five minutes, for either reason, once': [
    fires({ [of('status')]: '1x4 0x40', [of('droplets')]: '6x44' }, ['6m', '6m30s'], [down]),
    fires({ [of('status')]: '1x44', [of('droplets')]: '6x4 0x40' }, ['6m', '6m30s'], [down]),
    fires({ [of('status')]: '0x44', [of('droplets')]: '0x40' }, ['4m45s', '5m30s'], [down]),
  ],
  'it stays silent while machines stand behind it, for a change of four minutes, and without data': [
    silent({ [of('status')]: '1x44', [of('droplets')]: '1x44' }, '10m'),
    silent({ [of('status')]: '1x4 0x16 1x40', [of('droplets')]: '6x60' }, ['5m', '10m']),
    silent({}, '10m'),
  ],
});
