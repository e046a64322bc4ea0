import { unauthorizedSpike } from '../../../alerts/catalogue/unauthorized-spike.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const requests =
  'traefik_entrypoint_requests_total{job="traefik", instance="t1:8082", pod="traefik-1", code="401", method="POST", protocol="http", entrypoint="websecure"}';
const spike = (perSecond: number) => [
  fired(unauthorizedSpike, 'warning platform traefik', {}, `${perSecond} answers a second are 401.`),
];

export const proof = proves(unauthorizedSpike, {
  'it fires when they rise suddenly and stay so for five minutes': fires(
    { [requests]: `0+15x340 5265+165x100` },
    ['88m', '94m45s'],
    spike(11),
  ),
  'it stays silent just below the floor, and when they are no more than usual': [
    silent({ [requests]: `0+15x340 5235+135x100` }, '95m'),
    silent({ [requests]: '0+300x420' }, '100m'),
  ],
  'it knows how many times is too many: a little more fires, a little less does not': [
    fires({ [requests]: `0+150x340 51862.5+862.5x100` }, ['88m', '94m45s'], spike(57.5)),
    silent({ [requests]: `0+150x340 51675+675x100` }, '95m'),
  ],
  'it stays silent without data': silent({}, '92m'),
});
