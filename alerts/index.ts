import { actionsDoNotHelp } from './catalogue/actions-do-not-help.ts';
import { actionsRefused } from './catalogue/actions-refused.ts';
import { addressUnreachable } from './catalogue/address-unreachable.ts';
import { apiQuotaLow } from './catalogue/api-quota-low.ts';
import { autoscalerAtMaximum } from './catalogue/autoscaler-at-maximum.ts';
import { autoscalerBlind } from './catalogue/autoscaler-blind.ts';
import { backupMissing } from './catalogue/backup-missing.ts';
import { backupNeverSucceeded } from './catalogue/backup-never-succeeded.ts';
import { backupUnproved } from './catalogue/backup-unproved.ts';
import { budgetBurn } from './catalogue/budget-burn.ts';
import { configReloadFailed } from './catalogue/config-reload-failed.ts';
import { costDataStale } from './catalogue/cost-data-stale.ts';
import { databaseDown } from './catalogue/database-down.ts';
import { disruptionBudgetBlocks } from './catalogue/disruption-budget-blocks.ts';
import { drillOld } from './catalogue/drill-old.ts';
import { dropletLimitNear } from './catalogue/droplet-limit-near.ts';
import { emergencyLockdownInForce } from './catalogue/emergency-lockdown-in-force.ts';
import { exporterStale } from './catalogue/exporter-stale.ts';
import { forgedMessages } from './catalogue/forged-messages.ts';
import { highErrorRate } from './catalogue/high-error-rate.ts';
import { highErrorRateCritical } from './catalogue/high-error-rate-critical.ts';
import { highResponseTime } from './catalogue/high-response-time.ts';
import { imageNotPinned } from './catalogue/image-not-pinned.ts';
import { imageOld } from './catalogue/image-old.ts';
import { inboxBacklog } from './catalogue/inbox-backlog.ts';
import { joinFailuresHigh } from './catalogue/join-failures-high.ts';
import { loadBalancerConnectionsHigh } from './catalogue/load-balancer-connections-high.ts';
import { loadBalancerDown } from './catalogue/load-balancer-down.ts';
import { managedDatabaseOffline } from './catalogue/managed-database-offline.ts';
import { mediaQualityDegraded } from './catalogue/media-quality-degraded.ts';
import { meetingNearParticipantLimit } from './catalogue/meeting-near-participant-limit.ts';
import { networkPolicyDrift } from './catalogue/network-policy-drift.ts';
import { nodeCpuHigh } from './catalogue/node-cpu-high.ts';
import { nodeMemoryHigh } from './catalogue/node-memory-high.ts';
import { nodeNetworkHigh } from './catalogue/node-network-high.ts';
import { nodeNotReady } from './catalogue/node-not-ready.ts';
import { nodeUnderPressure } from './catalogue/node-under-pressure.ts';
import { notificationsFailing } from './catalogue/notifications-failing.ts';
import { paidForUnused } from './catalogue/paid-for-unused.ts';
import { podAgainstPolicy } from './catalogue/pod-against-policy.ts';
import { podStuckTerminating } from './catalogue/pod-stuck-terminating.ts';
import { podsPending } from './catalogue/pods-pending.ts';
import { poolClientsWaiting } from './catalogue/pool-clients-waiting.ts';
import { poolConnectionsHigh } from './catalogue/pool-connections-high.ts';
import { poolLimitsAboveDropletLimit } from './catalogue/pool-limits-above-droplet-limit.ts';
import { postgresConnectionsHigh } from './catalogue/postgres-connections-high.ts';
import { postgresUnreachable } from './catalogue/postgres-unreachable.ts';
import { priceTableOld } from './catalogue/price-table-old.ts';
import { recordersFull } from './catalogue/recorders-full.ts';
import { regionOutage } from './catalogue/region-outage.ts';
import { replicationLagHigh } from './catalogue/replication-lag-high.ts';
import { rolloutStuck } from './catalogue/rollout-stuck.ts';
import { roomSplitAcrossNodes } from './catalogue/room-split-across-nodes.ts';
import { ruleEvaluationsFailing } from './catalogue/rule-evaluations-failing.ts';
import { rulesSlow } from './catalogue/rules-slow.ts';
import { secretOld } from './catalogue/secret-old.ts';
import { serviceCrashLooping } from './catalogue/service-crash-looping.ts';
import { serviceHasNoReplicas } from './catalogue/service-has-no-replicas.ts';
import { sfuHeadroomLow } from './catalogue/sfu-headroom-low.ts';
import { sfuNodeLost } from './catalogue/sfu-node-lost.ts';
import { sfuSaturated } from './catalogue/sfu-saturated.ts';
import { targetDown } from './catalogue/target-down.ts';
import { transferOverage } from './catalogue/transfer-overage.ts';
import { trialMeetingFailing } from './catalogue/trial-meeting-failing.ts';
import { turnRequestsFailing } from './catalogue/turn-requests-failing.ts';
import { turnShareHigh } from './catalogue/turn-share-high.ts';
import { unitCostRising } from './catalogue/unit-cost-rising.ts';
import { valkeyEvicting } from './catalogue/valkey-evicting.ts';
import { valkeyMemoryHigh } from './catalogue/valkey-memory-high.ts';
import { valkeyMemoryUnbounded } from './catalogue/valkey-memory-unbounded.ts';
import { valkeyUnreachable } from './catalogue/valkey-unreachable.ts';
import { volumeAlmostFull } from './catalogue/volume-almost-full.ts';
import { volumeFillingUp } from './catalogue/volume-filling-up.ts';
import { watchdog } from './catalogue/watchdog.ts';
import { webhooksDropped } from './catalogue/webhooks-dropped.ts';
import type { Alert } from './define.ts';
import { familyAlerts } from './families/index.ts';

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
  emergencyLockdownInForce,
  podAgainstPolicy,
  imageNotPinned,
  imageOld,
  secretOld,
  forgedMessages,
  autoscalerAtMaximum,
  autoscalerBlind,
  disruptionBudgetBlocks,
  nodeCpuHigh,
  nodeMemoryHigh,
  nodeUnderPressure,
  volumeFillingUp,
  volumeAlmostFull,
  postgresConnectionsHigh,
  targetDown,
  ruleEvaluationsFailing,
  rulesSlow,
  notificationsFailing,
  configReloadFailed,
  inboxBacklog,
  actionsDoNotHelp,
  actionsRefused,
  backupMissing,
  backupNeverSucceeded,
  backupUnproved,
  podsPending,
  podStuckTerminating,
  rolloutStuck,
  poolClientsWaiting,
  replicationLagHigh,
  webhooksDropped,
  turnShareHigh,
  turnRequestsFailing,
  nodeNetworkHigh,
  valkeyMemoryHigh,
  valkeyMemoryUnbounded,
  loadBalancerConnectionsHigh,
  recordersFull,
  networkPolicyDrift,
  poolConnectionsHigh,
  drillOld,
  regionOutage,
  ...familyAlerts,
  watchdog,
];

/** The alert of that name; undefined for one without a runbook, which is told and never acted on. */
export function alertNamed(name: string, among: readonly Alert[] = alerts): Alert | undefined {
  return among.find((alert) => alert.name === name);
}
