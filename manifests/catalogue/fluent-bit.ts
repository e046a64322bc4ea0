import { defineWorkload } from './define.ts';

/** Ships container logs; the maintained successor of the runbook's Fluentd. */
export const fluentBit = defineWorkload({
  name: 'fluent-bit',
  kind: 'DaemonSet',
  owner: 'platform',
  image: 'fluent/fluent-bit:4.1.1',
  args: ['--config=/fluent-bit/etc/fluent-bit.yaml'],
  ports: [{ name: 'metrics', port: 2020, protocol: 'TCP' }],
  probe: { path: '/api/v1/health', port: 2020 },
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.2, memoryGib: 0.25 },
  pool: undefined,
  secretKeys: [
    'gomeet-secrets/OPENSEARCH_HOST',
    'gomeet-secrets/OPENSEARCH_USER',
    'gomeet-secrets/OPENSEARCH_PASSWORD',
  ],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  reaches: ['kubernetes-api'],
  scaling: { kind: 'fixed', why: 'one on every node' },
  scratch: ['/fluent-bit/state'],
  privilege: { why: "it reads the containers' logs, which root owns on the node", hostPaths: ['/var/log'], user: 0 },
  restartable: false,
  sources: ['operations-runbook'],
});
