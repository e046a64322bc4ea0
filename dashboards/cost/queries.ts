import { monthEndForecast } from '../../alerts/catalogue/budget-burn.ts';
import { moneyRules } from '../../alerts/recording/money.ts';
import { roomRules } from '../../alerts/recording/rooms.ts';
import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';

const perHour = `max(${cloud.costRange.name}{bound="high"})`;
const people = roomRules.participants.record;

/** What the cost board asks, by panel. */
export const costQueries = {
  spent: `max(${cloud.monthToDateUsage.name})`,
  forecast: monthEndForecast,
  perHour,
  perParticipantHour: `${perHour} / (${people} > 0)`,
  participantHour: moneyRules.participantHour.record,
  participantMinutes: `${moneyRules.participantHour.record} * 1000 / 60`,
  meeting: moneyRules.meeting.record,
  byProduct: `sum by (resource_type) (max by (resource_type, id) (${cloud.resourceCost.name}))`,
  byPool: `sum by (pool) (max by (pool, id) (${cloud.resourceCost.name}{pool!=""}))`,
  bitsPerParticipant: `8 * sum(rate(${livekit.packetBytes.name}{direction="outgoing"}[$__rate_interval])) / (${people} > 0)`,
  transferOverage: `max(${cloud.transferOverage.name})`,
} as const;
