import { certificateExpires } from '../../../alerts/catalogue/certificate-expires.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const end = 'probe_ssl_earliest_cert_expiry{job="blackbox", instance="https://a.test/", service="frontend"}';
const days = (count: number) => Math.round(count * 86_400);

export const proof = proves(certificateExpires, {
  'it fires an hour after too little is left': fires(
    { [end]: `${days(27)}x100` },
    ['59m', '62m'],
    [
      fired(
        certificateExpires,
        'warning platform frontend',
        { instance: 'https://a.test/' },
        'The certificate of https://a.test/ ends in 26d 22h 58m 0s.',
      ),
    ],
    '1m',
  ),
  'it stays silent while enough is left, and without data': [
    silent({ [end]: `${days(33)}x100` }, '90m', '1m'),
    silent({}, '90m', '1m'),
  ],
});
