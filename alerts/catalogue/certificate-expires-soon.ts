import { blackboxMetrics as blackbox } from '../../exporters/metrics/blackbox.ts';
import { certManagerMetrics as certs } from '../../exporters/metrics/cert-manager.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds before its end: 7 days. */
export const minCertificateSeconds = 7 * 86_400;
const left = `min by (instance, service) (${blackbox.certificateEnd.name}{job="${jobs.blackbox}"}) - time()`;

/** A certificate that people are shown ends within a week, as seen from outside. */
export const certificateExpiresSoon = defineAlert({
  name: 'CertificateExpiresSoon',
  expr: `${left} < ${minCertificateSeconds}`,
  for: duration('1h'),
  severity: 'critical',
  owner: 'platform',
  group: 'critical',
  summary: 'A certificate ends within a week',
  description: 'The certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}.',
  runbook: {
    meaning:
      'The certificate that this address shows ends within 7 days. cert-manager renews a third of its life before: it has not.',
    impact: 'None yet. When it ends, browsers refuse the address.',
    diagnosis: [
      { say: 'Which, and when?', query: left },
      { say: 'What does cert-manager say?', query: `min by (name) (${certs.expiry.name}) - time()` },
      { say: 'Why was it not renewed?', command: 'kubectl -n gomeet describe certificates', expect: 'Ready True.' },
      {
        say: 'Does the challenge get through?',
        command: 'kubectl -n gomeet get challenges',
        expect: 'No resources found.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Mend the challenge (DNS record, port 80) and let cert-manager try again.',
    leave: 'It was renewed, and the gateway has not loaded it: restart the gateway.',
    answers: ['Load Balancer Issues'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('1h'),
    signal: {
      query: left,
      unit: 'seconds',
      threshold: minCertificateSeconds,
      direction: 'below',
      legend: '{{instance}}',
    },
  },
});
