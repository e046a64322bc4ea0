import { defineMetrics, metricsOf } from './define.ts';

const { gauge } = metricsOf({
  kind: 'recorded',
  peer: 'cert-manager',
  version: '1.16',
  source: 'https://cert-manager.io/docs/devops-tips/prometheus-metrics/',
});
const certificate = ['name', 'namespace', 'issuer_name', 'issuer_kind', 'issuer_group'] as const;

/** What cert-manager says of the certificates that it keeps. */
export const certManagerMetrics = defineMetrics({
  expiry: gauge(
    'certmanager_certificate_expiration_timestamp_seconds',
    'seconds since the epoch',
    'When the certificate ends.',
    [...certificate],
  ),
  ready: gauge('certmanager_certificate_ready_status', 'boolean', '1 for the condition the certificate is in.', [
    ...certificate,
    'condition',
  ]),
});
