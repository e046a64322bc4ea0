import { defineWorkload } from './define.ts';

/** Groups, inhibits and routes alerts; two that gossip. Figures of the older self-hosted variant, the only one that has it. */
export const alertmanager = defineWorkload({
  name: 'alertmanager',
  kind: 'StatefulSet',
  owner: 'platform',
  image: 'prom/alertmanager:v0.31.1',
  args: [
    '--config.file=/etc/alertmanager-config/alertmanager.yaml',
    '--storage.path=/alertmanager',
    '--cluster.peer=alertmanager-0.alertmanager-headless:9094',
    '--cluster.peer=alertmanager-1.alertmanager-headless:9094',
  ],
  ports: [
    { name: 'metrics', port: 9093, protocol: 'TCP' },
    { name: 'gossip', port: 9094, protocol: 'TCP' },
  ],
  probe: { path: '/-/healthy', port: 9093 },
  replicas: 2,
  maxReplicas: 2,
  requests: { cpuCores: 1, memoryGib: 2 },
  pool: 'monitoring',
  secretKeys: [
    'gomeet-secrets/SLACK_WEBHOOK_URL',
    'gomeet-secrets/SMTP_PASSWORD',
    'gomeet-secrets/WEBHOOK_TOKEN',
    'gomeet-secrets/HEARTBEAT_URL',
  ],
  secretsAt: '/etc/alertmanager/secrets',
  clients: [
    { from: 'prometheus', port: 'metrics' },
    { from: 'responder', port: 'metrics' },
    { from: 'alertmanager', port: 'gossip' },
  ],
  reaches: ['internet-https', 'internet-smtp'],
  scaling: { kind: 'fixed', why: 'each replica sends what another missed; more than two only gossip more' },
  storage: [{ name: 'alertmanager-storage', mountPath: '/alertmanager', gib: 20 }],
  restartable: false,
  sources: ['platform-survey'],
});
