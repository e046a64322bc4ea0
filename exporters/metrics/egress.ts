import { defineMetrics, metricsOf } from './define.ts';

const { gauge } = metricsOf({
  kind: 'recorded',
  peer: 'livekit-egress',
  version: '1.10.0',
  source: 'https://github.com/livekit/egress/blob/v1.10.0/pkg/stats/monitor_prom.go',
});
const node = ['node_id', 'cluster_id'] as const;

/** What LiveKit's recorder (egress) says of itself, the same in the source of 1.8.4 to 1.14.1. How recordings end comes from LiveKit's webhooks instead: the recorder counts its own processes, since 1.13.0, and one whose upload failed ends well there. */
export const egressMetrics = defineMetrics({
  canAccept: gauge('livekit_egress_can_accept_request', 'boolean', '1 while the recorder takes another recording.', [
    ...node,
  ]),
  requests: gauge('livekit_egress_requests', 'recordings', 'Recordings in progress by kind.', [...node, 'type']),
});
