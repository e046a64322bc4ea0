import { defineWorkload } from './define.ts';

/** Asks addresses from outside the services: the six domains, their certificates, and each health path. */
export const blackboxExporter = defineWorkload({
  name: 'blackbox-exporter',
  kind: 'Deployment',
  owner: 'platform',
  image: 'quay.io/prometheus/blackbox-exporter:v0.27.0',
  args: ['--config.file=/etc/blackbox/blackbox.yaml'],
  ports: [{ name: 'metrics', port: 9115, protocol: 'TCP' }],
  probe: { path: '/-/healthy', port: 9115 },
  replicas: 2,
  maxReplicas: 2,
  requests: { cpuCores: 0.1, memoryGib: 0.125 },
  pool: 'monitoring',
  secretKeys: [],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  reaches: ['internet-https'],
  scaling: { kind: 'fixed', why: 'it asks a few dozen addresses' },
  restartable: true,
  sources: ['bundle'],
});
