import { forbiddenSpike } from '../../../alerts/catalogue/forbidden-spike.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const requests =
  'traefik_entrypoint_requests_total{job="traefik", instance="t1:8082", pod="traefik-1", code="403", method="POST", protocol="http", entrypoint="websecure"}';
const spike = (perSecond: number) => [
  fired(forbiddenSpike, 'warning platform traefik', {}, `${perSecond} answers a second are 403.`),
];

export const proof = proves(forbiddenSpike, {
  'it fires when they rise suddenly and stay so for five minutes': fires(
    { [requests]: `0+7.5x340 2632.5+82.5x100` },
    ['88m', '94m45s'],
    spike(5.5),
  ),
  'it stays silent just below the floor, and when they are no more than usual': [
    silent({ [requests]: `0+7.5x340 2617.5+67.5x100` }, '95m'),
    silent({ [requests]: '0+150x420' }, '100m'),
  ],
  'it knows how many times is too many: a little more fires, a little less does not': [
    fires({ [requests]: `0+75x340 25931.2+431.25x100` }, ['88m', '94m45s'], spike(28.75)),
    silent({ [requests]: `0+75x340 25837.5+337.5x100` }, '95m'),
  ],
  'it stays silent without data': silent({}, '92m'),
});
