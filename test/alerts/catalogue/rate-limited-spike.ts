import { rateLimitedSpike } from '../../../alerts/catalogue/rate-limited-spike.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const requests =
  'traefik_entrypoint_requests_total{job="traefik", instance="t1:8082", pod="traefik-1", code="429", method="POST", protocol="http", entrypoint="websecure"}';
const spike = (perSecond: number) => [
  fired(rateLimitedSpike, 'warning platform traefik', {}, `${perSecond} answers a second are 429.`),
];

export const proof = proves(rateLimitedSpike, {
  'it fires when they rise suddenly and stay so for five minutes': fires(
    { [requests]: `0+30x340 10530+330x100` },
    ['88m', '94m45s'],
    spike(22),
  ),
  'it stays silent just below the floor, and when they are no more than usual': [
    silent({ [requests]: `0+30x340 10470+270x100` }, '95m'),
    silent({ [requests]: '0+600x420' }, '100m'),
  ],
  'it knows how many times is too many: a little more fires, a little less does not': [
    fires({ [requests]: `0+300x340 103725+1725x100` }, ['88m', '94m45s'], spike(115)),
    silent({ [requests]: `0+300x340 103350+1350x100` }, '95m'),
  ],
  'it stays silent without data': silent({}, '92m'),
});
