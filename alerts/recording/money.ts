import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { defineRecordingRules } from './define.ts';
import { roomRules } from './rooms.ts';

const costPerHour = 'platform:cost_usd_per_hour:mid';
const meetings = 'platform:meetings_per_hour:rate5m';
const people = roomRules.participants.record;

/** Money over people. Two exporters read the same account, hence max before the mean of both bounds. */
export const moneyRules = defineRecordingRules({
  costPerHour: {
    record: costPerHour,
    expr: `avg(max by (bound) (${cloud.costRange.name}))`,
    resultLabels: [],
    unit: 'USD',
    help: 'What everything costs an hour: the middle between what it is at least and at most.',
  },
  participantHour: {
    record: 'platform:participant_hour_cost_usd:avg7d',
    // A week, so that nights and weekends weigh the same at any time; a ratio of means, not a mean of ratios.
    expr: `avg_over_time(${costPerHour}[7d]) / (avg_over_time(${people}[7d]) > 0)`,
    resultLabels: [],
    unit: 'USD',
    help: 'What a participant-hour has cost over the last week.',
  },
  meetingsPerHour: {
    record: meetings,
    expr: `3600 * sum(rate(${livekit.roomDuration.name}_count[5m]))`,
    resultLabels: [],
    unit: 'count',
    help: 'Meetings that end in an hour, at the pace of the last five minutes.',
  },
  meeting: {
    record: 'platform:meeting_cost_usd:avg7d',
    expr: `avg_over_time(${costPerHour}[7d]) / (avg_over_time(${meetings}[7d]) > 0)`,
    resultLabels: [],
    unit: 'USD',
    help: 'What a meeting has cost over the last week, of those that ended.',
  },
});
