import { roomRules } from '../../alerts/recording/rooms.ts';
import { cadvisorMetrics as cadvisor } from '../../exporters/metrics/cadvisor.ts';
import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';

const container = 'container!="", container!="POD"';
const requests = `max by (namespace, pod, container, node, resource) (${kube.containerRequests.name})`;
const cpu = `max by (namespace, pod, container) (rate(${cadvisor.containerCpu.name}{${container}}[5m]))`;
const memory = `max by (namespace, pod, container) (${cadvisor.containerMemory.name}{${container}})`;
// A DOKS node is named after its pool, a dash and five characters.
const byPool = `sum by (pool, resource) (label_replace(${requests}, "pool", "$1", "node", "(.+)-[a-z0-9]+"))`;

/** What the reports ask Prometheus, over so many days back. Two exporters or two kube-state-metrics say the same thing twice, hence max before any sum. */
export function usageQueries(days: number) {
  return {
    requests,
    cpuP95: `quantile_over_time(0.95, ${cpu}[${days}d:15m])`,
    memoryMax: `max_over_time(${memory}[${days}d:15m])`,
    firstSeen: `min_over_time(timestamp(${memory})[${days}d:1h])`,
    poolPeaks: `max_over_time(${byPool}[${days}d:1h])`,
    poolFirstSeen: `min_over_time(timestamp(${byPool})[${days}d:1h])`,
    participantHours: `sum_over_time(${roomRules.participants.record}[${days}d:5m]) / 12`,
    measuredHours: `count_over_time(${roomRules.participants.record}[${days}d:5m]) / 12`,
    meetings: `sum(increase(${livekit.roomDuration.name}_count[${days}d]))`,
    egressBytes: `sum(increase(${livekit.packetBytes.name}{direction="outgoing"}[${days}d]))`,
  } as const;
}
