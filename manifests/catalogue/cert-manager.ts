import { defineWorkload } from './define.ts';

/** An add-on in three parts. The controller renews the certificates of the gateway, wildcards by DNS-01. */
export const certManager = defineWorkload({
  name: 'cert-manager',
  kind: 'Deployment',
  rendered: 'upstream',
  namespace: 'cert-manager',
  owner: 'platform',
  image: 'quay.io/jetstack/cert-manager-controller:v1.19.1',
  ports: [{ name: 'metrics', port: 9402, protocol: 'TCP' }],
  probe: undefined,
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.25 },
  limits: { cpuCores: 1, memoryGib: 1 },
  pool: 'system',
  // Shows the authority that the domain is ours; may change DNS records and nothing else.
  secretKeys: ['digitalocean-credentials/DO_DNS_TOKEN'],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  // It asks the domain's own name servers whether its record is there before it calls for the certificate.
  reaches: ['kubernetes-api', 'internet-https', 'internet-dns'],
  restartable: true,
  sources: ['bundle'],
});
