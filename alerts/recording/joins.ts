import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { defineRecordingRules } from './define.ts';

const joins = livekit.joins.name;
const media = 'rtc_success|rtc_failure';
const signal = 'signal_connected|signal_.*failed';

/** Both stages count on one node only, so sums are exact; rtc_connected counts on two and is left out, and people who left before the end are neither. */
const total = (states: string) => `sum(rate(${joins}{state=~"${states}"}[5m]))`;
// A state that never happened has no series at all: without the zero, a stage at which everything succeeds would have no ratio.
const failed = (states: string) => `(sum(rate(${joins}{state=~"${states}"}[5m])) or vector(0))`;

/** How joining goes, by stage: `signal` is the WebSocket, `media` the connected peer connection. */
export const joinRules = defineRecordingRules({
  signalAttempts: {
    record: 'stage:sfu_joins:rate5m',
    expr: total(signal),
    labels: { stage: 'signal' },
    resultLabels: ['stage'],
    unit: 'per second',
    help: 'Joins each second that came to an end at this stage, well or badly.',
  },
  mediaAttempts: {
    record: 'stage:sfu_joins:rate5m',
    expr: total(media),
    labels: { stage: 'media' },
    resultLabels: ['stage'],
    unit: 'per second',
    help: 'Joins each second that came to an end at this stage, well or badly.',
  },
  signalFailures: {
    record: 'stage:sfu_join_failures:ratio_rate5m',
    expr: `${failed('signal_.*failed')}\n  / ${total(signal)}`,
    labels: { stage: 'signal' },
    resultLabels: ['stage'],
    unit: 'ratio',
    help: 'Share of joins that failed at this stage.',
  },
  mediaFailures: {
    record: 'stage:sfu_join_failures:ratio_rate5m',
    expr: `${failed('rtc_failure')}\n  / ${total(media)}`,
    labels: { stage: 'media' },
    resultLabels: ['stage'],
    unit: 'ratio',
    help: 'Share of joins that failed at this stage.',
  },
  success: {
    record: 'gomeet:join_success:ratio_rate5m',
    expr: '1 - max(stage:sfu_join_failures:ratio_rate5m)',
    resultLabels: [],
    unit: 'ratio',
    help: 'Share of joins that succeed at the worse of the stages; what a scale-out is verified by.',
  },
});
