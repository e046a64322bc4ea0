import { roomRules } from '../../alerts/recording/rooms.ts';
import { cadvisorMetrics as container } from '../../exporters/metrics/cadvisor.ts';

/** The queries of the operations runbook, word for word but for the interval, which follows the zoom. */
export const systemOverviewQueries = {
  meetings: `sum(${roomRules.activeMeetings.record})`,
  participants: `sum(${roomRules.participantsTotal.record})`,
  cpu: `sum(rate(${container.containerCpu.name}{namespace="gomeet"}[$__rate_interval])) by (pod)`,
  memory: `sum(${container.containerMemory.name}{namespace="gomeet"}) by (pod) / 1024 / 1024`,
} as const;
