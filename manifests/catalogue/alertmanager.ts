import { defineWorkload } from './define.ts';

/** Groups, inhibits and routes alerts; figures of the older self-hosted variant, the only one that has it. */
export const alertmanager = defineWorkload({
  name: 'alertmanager',
  kind: 'Deployment',
  owner: 'platform',
  image: 'prom/alertmanager:v0.31.1',
  ports: [{ name: 'metrics', port: 9093, protocol: 'TCP' }],
  probe: { path: '/-/healthy', port: 9093 },
  replicas: 2,
  maxReplicas: 2,
  requests: { cpuCores: 1, memoryGib: 2 },
  pool: 'sfu',
  secretKeys: [
    'gomeet-secrets/SLACK_WEBHOOK_URL',
    'gomeet-secrets/SMTP_PASSWORD',
    'gomeet-secrets/WEBHOOK_TOKEN',
    'gomeet-secrets/HEARTBEAT_URL',
  ],
  clients: [
    { from: 'prometheus', port: 'metrics' },
    { from: 'responder', port: 'metrics' },
    { from: 'alertmanager', port: 'metrics' },
  ],
  restartable: true,
  sources: ['platform-survey'],
});
