import { defineWorkload } from './define.ts';

/** Our exporter of what the DigitalOcean account holds and costs; one, since every replica would spend the quota again. */
export const digitalOceanExporter = defineWorkload({
  name: 'digitalocean-exporter',
  kind: 'Deployment',
  owner: 'platform',
  image: 'registry.digitalocean.com/gomeet/gomeet-sre',
  ports: [{ name: 'metrics', port: 9482, protocol: 'TCP' }],
  probe: { path: '/healthz', port: 9482 },
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.25 },
  pool: 'sfu',
  secretKeys: ['gomeet-secrets/DIGITALOCEAN_READ_TOKEN'],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  restartable: true,
  sources: ['bundle'],
});
