import { defineMetrics, metricsOf } from './define.ts';

const { counter, gauge } = metricsOf({
  kind: 'recorded',
  peer: 'livekit-egress',
  version: '1.12',
  source: 'https://github.com/livekit/egress/blob/main/pkg/stats/monitor.go',
});
const node = ['node_id', 'cluster_id'] as const;

/** What LiveKit's recorder (egress) says of itself; it needs Chrome and GStreamer, so none runs here. */
export const egressMetrics = defineMetrics({
  available: gauge('livekit_egress_available', 'boolean', '1 while the recorder takes part in placing recordings.', [
    ...node,
  ]),
  canAccept: gauge(
    'livekit_egress_can_accept_request',
    'boolean',
    '1 while the recorder has CPU for another recording.',
    [...node],
  ),
  requests: gauge('livekit_egress_requests', 'recordings', 'Recordings in progress by kind.', [...node, 'type']),
  results: counter('livekit_egress_handler_results_total', 'recordings', 'Recordings that came to an end, by result.', [
    ...node,
    'type',
    'result',
  ]),
  uploads: counter('livekit_egress_pipeline_uploads', 'uploads', 'Uploads of recordings by result.', [
    ...node,
    'type',
    'status',
  ]),
});
