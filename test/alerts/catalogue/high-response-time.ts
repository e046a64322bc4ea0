import { highResponseTime } from '../../../alerts/catalogue/high-response-time.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const bucket = (service: string, le: string) =>
  `http_request_duration_seconds_bucket{job="services", instance="${service}:9090", service="${service}", method="GET", status="200", le="${le}"}`;
/** A tenth of the requests take longer than `seconds`, the largest bound. */
const of = (service: string, seconds: string) => ({
  [bucket(service, '0.125')]: '0+90x80',
  [bucket(service, seconds)]: '0+90x80',
  [bucket(service, '+Inf')]: '0+100x80',
});

export const proof = proves(highResponseTime, {
  'it fires after five minutes for the service that is slow, and for that one only': fires(
    { ...of('auth-service', '1.125'), ...of('chat-service', '0.5') },
    ['4m45s', '6m'],
    [fired(highResponseTime, 'warning api auth-service', {}, '95th percentile response time is 1.125s')],
  ),
  'it stays silent just below a second, and for less than five minutes': [
    silent(of('auth-service', '0.875'), '15m'),
    silent(of('auth-service', '1.125'), '4m'),
  ],
  'it stays silent without data': silent({}, '15m'),
});
