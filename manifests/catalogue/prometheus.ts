import { defineWorkload } from './define.ts';

/** Scrapes and evaluates; two replicas see the same. */
export const prometheus = defineWorkload({
  name: 'prometheus',
  kind: 'Deployment',
  owner: 'platform',
  image: 'prom/prometheus:v3.5.0',
  ports: [{ name: 'metrics', port: 9090, protocol: 'TCP' }],
  probe: { path: '/-/healthy', port: 9090 },
  replicas: 2,
  maxReplicas: 4,
  requests: { cpuCores: 8, memoryGib: 16 },
  pool: 'sfu',
  secretKeys: [],
  clients: [
    { from: 'grafana', port: 'metrics' },
    { from: 'responder', port: 'metrics' },
    { from: 'prometheus', port: 'metrics' },
  ],
  restartable: true,
  sources: ['deployment-readme', 'platform-survey'],
});
