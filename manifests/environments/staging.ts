import { productionSettings } from '../settings.ts';
import type { Change } from './define.ts';
import { defineEnvironment, type Environment } from './define.ts';

const why = 'staging proves that a release runs, not that it carries 50,000 people';

// Requests of the runbook's own tuning section.
const service: Change = { replicas: 2, maxReplicas: 4, requests: { cpuCores: 0.5, memoryGib: 1 }, why };

/** Everything that production runs, in its smallest numbers, in an account and a cluster of its own. */
export const staging: Environment = defineEnvironment({
  name: 'staging',
  says: 'a release before people see it',
  deployable: true,
  settings: {
    ...productionSettings,
    domain: 'staging.gomeet.com',
    spacesBucket: 'gomeet-staging-recordings',
    backupBucket: 'gomeet-staging-backups',
    vpcRange: '10.110.0.0/16',
    podRange: '10.111.0.0/16',
    serviceRange: '10.112.0.0/18',
    loadBalancerName: 'gomeet-staging-gateway',
    clusterName: 'gomeet-staging',
    dropletLimit: 25,
    postgresql: { size: 'db-s-2vcpu-4gb', nodes: 1, memoryGib: 4 },
    valkey: { size: 'db-s-1vcpu-2gb', nodes: 1, memoryGib: 2 },
    reservedConnections: 10,
    participants: 200,
    largestMeeting: 100,
  },
  settingsWhy: why,
  pools: [
    { name: 'sfu', size: 'c-8', nodes: 2, minNodes: 2, maxNodes: 5, dedicated: true, why, sources: ['bundle'] },
    { name: 'api', size: 'c-8', nodes: 2, minNodes: 2, maxNodes: 5, why, sources: ['bundle'] },
    { name: 'monitoring', size: 'c-8', nodes: 2, minNodes: 2, maxNodes: 2, why, sources: ['bundle'] },
    { name: 'system', size: 'c-4', nodes: 2, minNodes: 2, maxNodes: 2, why, sources: ['bundle'] },
  ],
  changes: {
    'livekit-sfu': { replicas: 2, maxReplicas: 4, requests: { cpuCores: 6, memoryGib: 8 }, why },
    'livekit-recorder': { replicas: 1, maxReplicas: 2, requests: { cpuCores: 2, memoryGib: 2 }, why },
    'auth-service': service,
    'meeting-service': service,
    'signaling-service': service,
    'chat-service': service,
    'turn-service': service,
    traefik: service,
    frontend: { maxReplicas: 4, why },
    'pgbouncer-do': { replicas: 2, maxReplicas: 3, requests: { cpuCores: 0.5, memoryGib: 0.5 }, why },
    prometheus: {
      maxReplicas: 2,
      requests: { cpuCores: 1, memoryGib: 3 },
      limits: { cpuCores: 2, memoryGib: 4 },
      storage: [{ name: 'prometheus-storage', mountPath: '/prometheus', gib: 50 }],
      why,
    },
    grafana: { replicas: 1, maxReplicas: 1, requests: { cpuCores: 0.5, memoryGib: 0.5 }, why },
    alertmanager: { requests: { cpuCores: 0.1, memoryGib: 0.25 }, why },
    'postgres-exporter': { requests: { cpuCores: 0.1, memoryGib: 0.125 }, why },
    'redis-exporter': { requests: { cpuCores: 0.1, memoryGib: 0.125 }, why },
  },
});
