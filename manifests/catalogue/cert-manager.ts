import { defineWorkload } from './define.ts';
import { addOn } from './parts.ts';

/** An add-on in three parts. The controller renews the certificates of the gateway, wildcards by DNS-01. */
export const certManager = defineWorkload({
  ...addOn,
  name: 'cert-manager',
  namespace: 'cert-manager',
  image: 'quay.io/jetstack/cert-manager-controller:v1.19.1',
  ports: [{ name: 'metrics', port: 9402, protocol: 'TCP' }],
  limits: { cpuCores: 1, memoryGib: 1 },
  // Shows the authority that the domain is ours; may change DNS records and nothing else.
  secretKeys: ['digitalocean-credentials/DO_DNS_TOKEN'],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  // It asks the domain's own name servers whether its record is there before it calls for the certificate.
  reaches: ['kubernetes-api', 'internet-https', 'internet-dns'],
});
