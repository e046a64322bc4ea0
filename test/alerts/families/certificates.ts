import { familyAlerts } from '../../../alerts/families/index.ts';
import { alertNamed, fired, fires, type Proof, proves, silent } from '../scenario.ts';

const end = 'probe_ssl_earliest_cert_expiry{job="blackbox", instance="https://a.test/", service="frontend"}';
const days = (count: number) => Math.round(count * 86_400);

/** Alert, fixed labels, days left that are too few and what is said of them an hour later, days that are enough. */
const rows = [
  ['CertificateExpires', 'warning platform frontend', 27, '26d 22h 58m 0s', 33],
  ['CertificateExpiresSoon', 'critical platform frontend', 6.3, '6d 6h 10m 0s', 7.7],
] as const;

export const proofs: readonly Proof[] = rows.map(([name, fixed, few, left, enough]) => {
  const alert = alertNamed(name, familyAlerts);
  const notice = fired(
    alert,
    fixed,
    { instance: 'https://a.test/' },
    `The certificate of https://a.test/ ends in ${left}.`,
  );
  return proves(alert, {
    'it fires an hour after too little is left': fires({ [end]: `${days(few)}x100` }, ['59m', '62m'], [notice], '1m'),
    'it stays silent while enough is left, and without data': [
      silent({ [end]: `${days(enough)}x100` }, '90m', '1m'),
      silent({}, '90m', '1m'),
    ],
  });
});
