import { highErrorRateCritical } from '../../../alerts/catalogue/high-error-rate-critical.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const requests = (code: string, entrypoint = 'websecure') =>
  `traefik_entrypoint_requests_total{job="traefik", instance="t1:8082", pod="traefik-1", code="${code}", method="GET", protocol="http", entrypoint="${entrypoint}"}`;

export const proof = proves(highErrorRateCritical, {
  'it fires after two minutes with more than a tenth of the requests failed': fires(
    { [requests('200')]: '0+890x60', [requests('502')]: '0+110x60' },
    ['1m45s', '3m'],
    [fired(highErrorRateCritical, 'critical api traefik', {}, '11% of the requests from outside end in an error.')],
  ),
  'it stays silent just below, for errors of clients, and for what is not from outside': [
    silent({ [requests('200')]: '0+910x60', [requests('500')]: '0+90x60' }, '9m'),
    silent({ [requests('200')]: '0+10x60', [requests('401')]: '0+900x60' }, '9m'),
    silent({ [requests('200')]: '0+900x60', [requests('500', 'ping')]: '0+900x60' }, '9m'),
  ],
  'it stays silent when hardly anybody asks, and fires again when somebody does': [
    silent({ [requests('200')]: '0+1x60', [requests('500')]: '0+13x60' }, '9m'),
    fires(
      { [requests('200')]: '0+2x60', [requests('500')]: '0+15.8x60' },
      ['5m', '9m'],
      [
        fired(
          highErrorRateCritical,
          'critical api traefik',
          {},
          '88.76% of the requests from outside end in an error.',
        ),
      ],
    ),
  ],
  'it stays silent without data': silent({}, '9m'),
});
