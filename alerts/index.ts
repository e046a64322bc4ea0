import { apiQuotaLow } from './catalogue/api-quota-low.ts';
import { budgetBurn } from './catalogue/budget-burn.ts';
import { costDataStale } from './catalogue/cost-data-stale.ts';
import { dropletLimitNear } from './catalogue/droplet-limit-near.ts';
import { exporterStale } from './catalogue/exporter-stale.ts';
import { joinFailuresHigh } from './catalogue/join-failures-high.ts';
import { mediaQualityDegraded } from './catalogue/media-quality-degraded.ts';
import { meetingNearParticipantLimit } from './catalogue/meeting-near-participant-limit.ts';
import { paidForUnused } from './catalogue/paid-for-unused.ts';
import { poolLimitsAboveDropletLimit } from './catalogue/pool-limits-above-droplet-limit.ts';
import { priceTableOld } from './catalogue/price-table-old.ts';
import { roomSplitAcrossNodes } from './catalogue/room-split-across-nodes.ts';
import { serviceCrashLooping } from './catalogue/service-crash-looping.ts';
import { sfuHeadroomLow } from './catalogue/sfu-headroom-low.ts';
import { sfuNodeLost } from './catalogue/sfu-node-lost.ts';
import { sfuSaturated } from './catalogue/sfu-saturated.ts';
import { transferOverage } from './catalogue/transfer-overage.ts';
import { unitCostRising } from './catalogue/unit-cost-rising.ts';
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
  watchdog,
];

/** The alert of that name; undefined for one without a runbook, which is told and never acted on. */
export function alertNamed(name: string, among: readonly Alert[] = alerts): Alert | undefined {
  return among.find((alert) => alert.name === name);
}
