import { defineMetrics, metricsOf } from './define.ts';

const { gauge } = metricsOf({ kind: 'live', peer: 'cert-manager', version: '1.19.1' });
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
