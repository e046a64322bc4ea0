import { turnRequestsFailing } from '../../../alerts/catalogue/turn-requests-failing.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const requests = (code: string, service = 'gomeet-turn-service-8080@kubernetes') =>
  `traefik_service_requests_total{job="traefik", instance="t1:8082", pod="traefik-1", code="${code}", method="POST", protocol="http", service="${service}"}`;
const failing = (percent: string) => [
  fired(
    turnRequestsFailing,
    'critical media turn-service',
    {},
    `${percent} of the requests for TURN credentials fail.`,
  ),
];

export const proof = proves(turnRequestsFailing, {
  'it fires after three minutes with a little more than one in twenty failed': fires(
    { [requests('200')]: '0+94.5x60', [requests('503')]: '0+5.5x60' },
    ['2m45s', '5m'],
    failing('5.5%'),
  ),
  'it stays silent just below, for errors of clients and of other services': [
    silent({ [requests('200')]: '0+95.5x60', [requests('503')]: '0+4.5x60' }, '9m'),
    silent({ [requests('200')]: '0+50x60', [requests('401')]: '0+50x60' }, '9m'),
    silent({ [requests('200')]: '0+50x60', [requests('503', 'gomeet-auth-service-8080@kubernetes')]: '0+50x60' }, '9m'),
  ],
  'it knows how many requests are enough to judge by: 33 in five minutes are, 27 are not': [
    fires({ [requests('200')]: '0+1.32x60', [requests('503')]: '0+0.33x60' }, ['2m45s', '9m'], failing('20%')),
    silent({ [requests('200')]: '0+1.08x60', [requests('503')]: '0+0.27x60' }, '9m'),
  ],
  'it stays silent without data': silent({}, '9m'),
});
