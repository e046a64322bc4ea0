import { defineWorkload } from './define.ts';
import { bundleImage } from './parts.ts';

/** Our exporter of what the DigitalOcean account holds and costs; one, since every replica would spend the quota again. */
export const digitalOceanExporter = defineWorkload({
  name: 'digitalocean-exporter',
  kind: 'Deployment',
  owner: 'platform',
  image: bundleImage,
  args: ['exporter', 'digitalocean'],
  env: { EXPORTER_ADDR: '0.0.0.0:9482' },
  ports: [{ name: 'metrics', port: 9482, protocol: 'TCP' }],
  probe: { path: '/healthz', port: 9482 },
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.25 },
  pool: 'monitoring',
  secretKeys: ['gomeet-secrets/DIGITALOCEAN_READ_TOKEN'],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  reaches: ['internet-https'],
  scaling: { kind: 'fixed', why: 'every replica would spend the quota of the API again' },
  restartable: true,
  sources: ['bundle'],
});
