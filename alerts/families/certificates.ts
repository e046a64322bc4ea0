import { blackboxMetrics as blackbox } from '../../exporters/metrics/blackbox.ts';
import { certManagerMetrics as certs } from '../../exporters/metrics/cert-manager.ts';
import { duration } from '../../kernel/duration.ts';
import { type Alert, defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall } from '../steps.ts';

const left = `min by (instance, service) (${blackbox.certificateEnd.name}{job="${jobs.blackbox}"}) - time()`;

const notices = [
  {
    name: 'CertificateExpires',
    days: 30,
    within: 'a month',
    severity: 'warning',
    mode: 'suggest',
    escalateAfter: duration('1d'),
  },
  {
    name: 'CertificateExpiresSoon',
    days: 7,
    within: 'a week',
    severity: 'critical',
    mode: 'auto',
    escalateAfter: duration('1h'),
  },
] as const;

/** A certificate that people are shown ends soon, as seen from outside: a ticket first, then somebody is woken. */
export const certificateAlerts: readonly Alert[] = notices.map(
  ({ name, days, within, severity, mode, escalateAfter }) => {
    const threshold = days * 86_400;
    return defineAlert({
      name,
      expr: `${left} < ${threshold}`,
      for: duration('1h'),
      severity,
      owner: 'platform',
      group: severity,
      summary: `A certificate ends within ${within}`,
      description: 'The certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}.',
      runbook: {
        meaning: `The certificate that this address shows ends within ${days} days. cert-manager renews a third of its life before: it has not.`,
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
        person:
          'Mend the challenge (DNS record, port 80) and let cert-manager try again. If it was renewed and the gateway still shows the old one, restart the gateway: `gomeet restart traefik`.',
        leave: 'It was renewed within the hour: the gateway takes up the new one by itself.',
        answers: ['Load Balancer Issues'],
      },
      response: {
        mode,
        escalateAfter,
        signal: { query: left, unit: 'seconds', threshold, direction: 'below', legend: '{{instance}}' },
      },
    });
  },
);
