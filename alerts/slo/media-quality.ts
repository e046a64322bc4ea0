import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import type { Objective } from './define.ts';

/** People hear and see well: the share of participant time with a mean opinion score above 3.5. */
export const mediaQuality: Objective = {
  name: 'MediaQuality',
  key: 'quality',
  promise: 'People hear and see well',
  objective: 0.95,
  owner: 'media',
  service: 'livekit-sfu',
  bad: `sum(rate(${livekit.qualityScore.name}_bucket{le="3.5"}[5m]))`,
  total: `sum(rate(${livekit.qualityScore.name}_count[5m]))`,
  // A sample each five seconds: ten people, all of the hour.
  leastAnHour: 7_200,
  impact: 'People hear gaps and see frozen pictures.',
  look: [
    { say: 'On which node?', query: 'node_id:sfu_quality_low:ratio_rate5m' },
    { say: 'Is it short of CPU?', query: 'node_id:sfu_cpu_load_ratio:max' },
  ],
};
