import { highErrorRate } from '../../../alerts/catalogue/high-error-rate.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const requests = (service: string, status: string) =>
  `http_requests_total{job="services", instance="${service}:9090", pod="${service}-1", service="${service}", method="GET", status="${status}"}`;

export const proof = proves(highErrorRate, {
  'it fires after five minutes with more than five in a hundred answers wrong, in the words of the runbook': fires(
    { [requests('auth-service', '200')]: '0+945x80', [requests('auth-service', '500')]: '0+55x80' },
    ['4m45s', '6m'],
    [fired(highErrorRate, 'warning api traefik', {}, 'Error rate is 5.5% for the last 5 minutes')],
  ),
  'it stays silent at one error a minute among sixty thousand: the old rule divided each series by itself and called that 100 percent':
    silent({ [requests('auth-service', '200')]: '0+15000x80', [requests('auth-service', '500')]: '0+0.25x80' }, '15m'),
  'it stays silent below five in a hundred, for less than five minutes, and for mistakes of clients': [
    silent({ [requests('a', '200')]: '0+955x80', [requests('a', '503')]: '0+45x80' }, '15m'),
    silent({ [requests('a', '200')]: '0+1000x80', [requests('a', '503')]: '0x10 0+100x10 1000x60' }, ['7m', '20m']),
    silent({ [requests('a', '200')]: '0+100x80', [requests('a', '404')]: '0+900x80' }, '15m'),
  ],
  'it stays silent without data, and without a single error': [
    silent({}, '15m'),
    silent({ [requests('a', '200')]: '0+100x80' }, '15m'),
  ],
});
