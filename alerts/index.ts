import { addressUnreachable } from './catalogue/address-unreachable.ts';
import { apiQuotaLow } from './catalogue/api-quota-low.ts';
import { budgetBurn } from './catalogue/budget-burn.ts';
import { costDataStale } from './catalogue/cost-data-stale.ts';
import { databaseDown } from './catalogue/database-down.ts';
import { dropletLimitNear } from './catalogue/droplet-limit-near.ts';
import { exporterStale } from './catalogue/exporter-stale.ts';
import { highErrorRate } from './catalogue/high-error-rate.ts';
import { highErrorRateCritical } from './catalogue/high-error-rate-critical.ts';
import { highResponseTime } from './catalogue/high-response-time.ts';
import { joinFailuresHigh } from './catalogue/join-failures-high.ts';
import { loadBalancerDown } from './catalogue/load-balancer-down.ts';
import { managedDatabaseOffline } from './catalogue/managed-database-offline.ts';
import { mediaQualityDegraded } from './catalogue/media-quality-degraded.ts';
import { meetingNearParticipantLimit } from './catalogue/meeting-near-participant-limit.ts';
import { nodeNotReady } from './catalogue/node-not-ready.ts';
import { paidForUnused } from './catalogue/paid-for-unused.ts';
import { poolLimitsAboveDropletLimit } from './catalogue/pool-limits-above-droplet-limit.ts';
import { postgresUnreachable } from './catalogue/postgres-unreachable.ts';
import { priceTableOld } from './catalogue/price-table-old.ts';
import { roomSplitAcrossNodes } from './catalogue/room-split-across-nodes.ts';
import { serviceCrashLooping } from './catalogue/service-crash-looping.ts';
import { serviceHasNoReplicas } from './catalogue/service-has-no-replicas.ts';
import { sfuHeadroomLow } from './catalogue/sfu-headroom-low.ts';
import { sfuNodeLost } from './catalogue/sfu-node-lost.ts';
import { sfuSaturated } from './catalogue/sfu-saturated.ts';
import { transferOverage } from './catalogue/transfer-overage.ts';
import { trialMeetingFailing } from './catalogue/trial-meeting-failing.ts';
import { unitCostRising } from './catalogue/unit-cost-rising.ts';
import { valkeyEvicting } from './catalogue/valkey-evicting.ts';
import { valkeyUnreachable } from './catalogue/valkey-unreachable.ts';
import { watchdog } from './catalogue/watchdog.ts';
import type { Alert } from './define.ts';

/** Every alert: the table of contents of the runbook. */
export const alerts: readonly Alert[] = [
  sfuSaturated,
  sfuHeadroomLow,
  sfuNodeLost,
  meetingNearParticipantLimit,
  mediaQualityDegraded,
  joinFailuresHigh,
  roomSplitAcrossNodes,
  serviceCrashLooping,
  exporterStale,
  budgetBurn,
  costDataStale,
  apiQuotaLow,
  priceTableOld,
  unitCostRising,
  transferOverage,
  dropletLimitNear,
  poolLimitsAboveDropletLimit,
  paidForUnused,
  highErrorRate,
  highErrorRateCritical,
  highResponseTime,
  databaseDown,
  postgresUnreachable,
  valkeyUnreachable,
  valkeyEvicting,
  addressUnreachable,
  serviceHasNoReplicas,
  nodeNotReady,
  loadBalancerDown,
  managedDatabaseOffline,
  trialMeetingFailing,
  watchdog,
];

/** The alert of that name; undefined for one without a runbook, which is told and never acted on. */
export function alertNamed(name: string, among: readonly Alert[] = alerts): Alert | undefined {
  return among.find((alert) => alert.name === name);
}
