import { certManagerMetrics as certificates } from '../../exporters/metrics/cert-manager.ts';
import { corednsMetrics as dns } from '../../exporters/metrics/coredns.ts';
import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { digitalOceanSelfMetrics as account } from '../../exporters/metrics/digitalocean-self.ts';
import { kubeletMetrics as kubelet } from '../../exporters/metrics/kubelet.ts';
import { nodeMetrics as machine } from '../../exporters/metrics/node.ts';
import { pgbouncerMetrics as pooler } from '../../exporters/metrics/pgbouncer.ts';
import { postgresMetrics as postgres } from '../../exporters/metrics/postgres.ts';
import { redisMetrics as redis } from '../../exporters/metrics/redis.ts';
import { sharedQueries as shared } from '../shared.ts';

/** What the board on what is rented asks. Two exporters may read one account, hence max before any sum. */
export const infrastructureQueries = {
  droplets: `count(max by (id) (${cloud.dropletUp.name})) / max(${cloud.dropletLimit.name})`,
  dropletsDown: `count(max by (id) (${cloud.dropletUp.name}) == 0) or (0 * count(${cloud.dropletUp.name}))`,
  databases: `min(${cloud.databaseUp.name})`,
  balancers: `min(${cloud.balancerUp.name})`,
  apiLeft: `min(${account.quotaRemaining.name}) / max(${account.quotaLimit.name})`,
  certificate: `min(${certificates.expiry.name}) - time()`,
  poolNodes: `max by (pool) (${cloud.poolNodes.name})`,
  poolRoom: `max by (pool) (${cloud.poolNodes.name}) / max by (pool) (${cloud.poolMaxNodes.name})`,
  balancerConnections: `max by (id) (${cloud.balancerConnections.name}) / max by (id) (${cloud.balancerConnectionLimit.name}) * on (id) group_left (name) group by (id, name) (${cloud.balancerUp.name})`,
  transfer: `max(${cloud.transferUsed.name}) / max(${cloud.transferPool.name})`,
  transferProjected: `max(${cloud.transferProjected.name}) / max(${cloud.transferPool.name})`,
  machineCpu: shared.machineCpu,
  machineMemory: shared.machineMemory,
  disk: `min by (node, mountpoint) (${machine.diskFree.name}{fstype!~"tmpfs|overlay"} / ${machine.diskSize.name}{fstype!~"tmpfs|overlay"})`,
  sent: `8 * sum by (node) (rate(${machine.sent.name}{device!~"lo|cali.*|cilium.*|veth.*"}[$__rate_interval]))`,
  dropped: `sum by (node) (rate(${machine.sendDrops.name}[$__rate_interval])) + sum by (node) (rate(${machine.udpReceiveErrors.name}[$__rate_interval]))`,
  conntrack: `${machine.conntrackEntries.name} / ${machine.conntrackLimit.name}`,
  volumes: `${kubelet.volumeFree.name} / ${kubelet.volumeSize.name}`,
  connections: `sum(${postgres.backends.name}) / max(${postgres.maxConnections.name})`,
  poolerConnections: `sum(${pooler.clientsActive.name}) / max(${pooler.maxClients.name})`,
  waiting: `sum by (database) (${pooler.clientsWaiting.name})`,
  replica: `max by (application_name) (${postgres.replicaBehind.name})`,
  rollbacks: `sum by (datname) (rate(${postgres.rollbacks.name}[$__rate_interval]))`,
  valkey: `${redis.memoryUsed.name} / (${redis.memoryMax.name} > 0)`,
  evictions: `sum(rate(${redis.evictions.name}[$__rate_interval]))`,
  rejections: `sum(rate(${redis.rejections.name}[$__rate_interval]))`,
  dns: `sum by (rcode) (rate(${dns.responses.name}[$__rate_interval]))`,
} as const;
