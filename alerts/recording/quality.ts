import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { defineRecordingRules } from './define.ts';

const score = livekit.qualityScore.name;

/** How calls sound and look, by LiveKit's own mean opinion score: one sample a participant each 5 s. Ratios are of sums. */
export const qualityRules = defineRecordingRules({
  samples: {
    record: 'node_id:sfu_quality_samples:rate5m',
    expr: `sum by (node_id) (rate(${score}_count[5m]))`,
    resultLabels: ['node_id'],
    unit: 'per second',
    help: 'Samples of the score each second; five seconds of it are one participant.',
  },
  lowShare: {
    record: 'node_id:sfu_quality_low:ratio_rate5m',
    // 3.5 is a bucket bound of LiveKit, so this is exact; Prometheus 2 and 3 spell it alike (they differ only on whole numbers).
    expr: `sum by (node_id) (rate(${score}_bucket{le="3.5"}[5m]))\n  / sum by (node_id) (rate(${score}_count[5m]))`,
    resultLabels: ['node_id'],
    unit: 'ratio',
    help: 'Share of samples with a score of 3.5 or less.',
  },
});
