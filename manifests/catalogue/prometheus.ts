import { defineWorkload } from './define.ts';

/** Scrapes and evaluates; two replicas see the same, each on a volume of its own. */
export const prometheus = defineWorkload({
  name: 'prometheus',
  kind: 'StatefulSet',
  owner: 'platform',
  image: 'prom/prometheus:v3.5.0',
  args: [
    '--config.file=/etc/prometheus/prometheus.yaml',
    '--storage.tsdb.path=/prometheus',
    '--storage.tsdb.retention.time=90d',
    '--storage.tsdb.retention.size=200GB',
    '--web.listen-address=:9090',
  ],
  ports: [{ name: 'metrics', port: 9090, protocol: 'TCP' }],
  probe: { path: '/-/ready', livePath: '/-/healthy', port: 9090 },
  replicas: 2,
  maxReplicas: 4,
  requests: { cpuCores: 8, memoryGib: 16 },
  limits: { cpuCores: 16, memoryGib: 32 },
  pool: 'monitoring',
  secretKeys: [],
  clients: [
    { from: 'traefik', port: 'metrics' },
    { from: 'grafana', port: 'metrics' },
    { from: 'responder', port: 'metrics' },
    { from: 'backup', port: 'metrics' },
    { from: 'prometheus', port: 'metrics' },
    { from: 'keda-operator', port: 'metrics' },
  ],
  reaches: ['kubernetes-api'],
  scaling: { kind: 'fixed', why: 'another replica scrapes everything once more: it adds load and takes none away' },
  storage: [{ name: 'prometheus-storage', mountPath: '/prometheus', gib: 500 }],
  // Replaying what was not yet written takes time; stopping it half way makes that longer.
  graceSeconds: 300,
  restartable: false,
  sources: ['deployment-readme', 'platform-survey'],
});
