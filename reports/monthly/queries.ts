import { roomRules } from '../../alerts/recording/rooms.ts';
import { sfuRules } from '../../alerts/recording/sfu.ts';
import { cadvisorMetrics as cadvisor } from '../../exporters/metrics/cadvisor.ts';
import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { digitalOceanSelfMetrics as self } from '../../exporters/metrics/digitalocean-self.ts';
import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { postgresMetrics as postgres } from '../../exporters/metrics/postgres.ts';
import { redisMetrics as redis } from '../../exporters/metrics/redis.ts';
import { nicBytesPerSecond, provenPacketsPerSecond } from '../../model/capacity/node.ts';
import { capacityPlan } from '../../model/capacity.ts';

const people = roomRules.participants.record;

/** What is asked over the history, each as a range. Two exporters say the same thing twice, hence max before any sum. */
export const historyQueries = {
  cost: `max by (resource_type, id, name, region, project, cluster, pool, price_source) (${cloud.resourceCost.name})`,
  bounds: `max by (bound) (${cloud.costRange.name})`,
  mean: `avg_over_time(${people}[1h])`,
  peak: `max_over_time(${people}[1h])`,
  coverage: `count_over_time(${people}[1h:5m]) / 12`,
  meetings: `sum(increase(${livekit.roomDuration.name}_count[1h]))`,
  egressBytes: `sum(increase(${livekit.packetBytes.name}{direction="outgoing"}[1h]))`,
  transferUsed: `max(${cloud.transferUsed.name})`,
  transferPool: `max(${cloud.transferPool.name})`,
  sfuNodes: `max_over_time(count(max by (node_id) (${exporter.nodeState.name}{state="serving"}) == 1)[1h:5m])`,
} as const;

/** Hours that rooms of up to so many people lasted, over so many hours that ended at `atMs`; the buckets are of the rooms of that moment. */
export function roomSizeQuery(hours: number, atMs: number): string {
  return `sum by (le) (sum_over_time(max by (le) (${exporter.roomSize.name}_bucket)[${hours}h:5m] @ ${Math.floor(atMs / 1_000)})) / 12`;
}

const container = 'container!="", container!="POD"';

/** What pods held of nodes over so many hours that ended at `atMs`: an hour's value each hour, summed. */
export function tenantQueries(hours: number, atMs: number) {
  const over = (expr: string) => `sum_over_time(${expr}[${hours}h:1h] @ ${Math.floor(atMs / 1_000)})`;
  return {
    requests: `sum by (namespace, pod, node, resource) (${over(`max by (namespace, pod, container, node, resource) (${kube.containerRequests.name})`)})`,
    cpu: `sum by (namespace, pod) (${over(`max by (namespace, pod, container) (rate(${cadvisor.containerCpu.name}{${container}}[5m]))`)})`,
    memory: `sum by (namespace, pod) (${over(`max by (namespace, pod, container) (${cadvisor.containerMemory.name}{${container}})`)})`,
  } as const;
}

/** A limit, and how its daily highs and itself are asked for. */
export interface LimitQuery {
  readonly name: string;
  readonly unit: string;
  readonly value: string;
  /** A number, or a query for it. */
  readonly limit: number | string;
  readonly leadDays: number;
  readonly note?: string;
}

const gib = 1024 ** 3;

/** Every limit that the report watches; `pool` and `size` are what the SFUs run on. */
export function limitQueries({ pool, size }: { readonly pool: string; readonly size: string }): readonly LimitQuery[] {
  const ofPool = `{pool="${pool}"}`;
  return [
    {
      name: 'SFU pool',
      unit: 'nodes',
      value: `max(${cloud.poolNodes.name}${ofPool})`,
      limit: `max(${cloud.poolMaxNodes.name}${ofPool})`,
      leadDays: 1,
      note: "the pool's maximum",
    },
    {
      name: 'Droplets of the account',
      unit: 'Droplets',
      value: `count(max by (id) (${cloud.dropletUp.name}))`,
      limit: `max(${cloud.dropletLimit.name})`,
      leadDays: 7,
      note: 'a hard ceiling for every autoscaler; asking for more takes days',
    },
    {
      name: 'CPU of the busiest SFU',
      unit: 'share',
      value: `max(${sfuRules.cpuLoad.record})`,
      limit: capacityPlan.cpuTargetRatio,
      leadDays: 1,
      note: 'above it media suffers',
    },
    {
      name: 'network of the busiest SFU',
      unit: 'Gbit/s',
      value: `8 * max(${exporter.nodeBytes.name}{direction="out"}) / 1e9`,
      limit: (nicBytesPerSecond(size) * capacityPlan.nicTargetRatio * 8) / 1e9,
      leadDays: 30,
      note: `70 % of the line of ${size}`,
    },
    {
      name: 'packets of the busiest SFU',
      unit: 'packets/s',
      value: `max(sum by (node_id) (rate(${livekit.packets.name}{direction="outgoing"}[5m])))`,
      limit: provenPacketsPerSecond,
      leadDays: 30,
      note: 'the most that anyone has shown one node send',
    },
    {
      name: 'connections of the busiest load balancer',
      unit: 'share',
      value: `max(${cloud.balancerConnections.name} / ${cloud.balancerConnectionLimit.name})`,
      limit: 1,
      leadDays: 1,
    },
    {
      name: 'connections of PostgreSQL',
      unit: 'connections',
      value: `sum(max by (datname, server) (${postgres.backends.name}))`,
      limit: `min(${postgres.maxConnections.name})`,
      leadDays: 7,
    },
    {
      name: 'memory of Valkey',
      unit: 'GiB',
      value: `max(${redis.memoryUsed.name}) / ${gib}`,
      limit: `min(${redis.memoryMax.name} > 0) / ${gib}`,
      leadDays: 2,
      note: 'full, LiveKit loses its map of rooms',
    },
    {
      name: 'registry storage',
      unit: 'GiB',
      value: `max(${cloud.registryStorage.name}) / ${gib}`,
      limit: `max(${cloud.registryIncluded.name}) / ${gib}`,
      leadDays: 1,
      note: 'above it storage is billed by the GiB',
    },
    {
      name: 'DigitalOcean API calls an hour',
      unit: 'calls',
      value: `max(${self.callsLastHour.name})`,
      limit: `max(${self.quotaLimit.name})`,
      leadDays: 1,
    },
  ];
}
