import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import type { Objective } from './define.ts';

const { name } = livekit.joinLatency;
const all = `sum(rate(${name}_count[5m]))`;

/** LiveKit answers a join quickly. 2.3 s is a bound of its own buckets, so this is exact. */
export const signallingLatency: Objective = {
  name: 'SignallingLatency',
  key: 'signalling_latency',
  promise: 'A join is answered within 2.3 s',
  objective: 0.99,
  owner: 'media',
  service: 'livekit-sfu',
  bad: `(${all} - sum(rate(${name}_bucket{le="2275.8459260747895"}[5m])))`,
  total: all,
  leastAnHour: 10,
  impact: 'Entering a meeting takes so long that people try again.',
  look: [{ say: 'On which node?', query: `histogram_quantile(0.95, sum by (node_id, le) (rate(${name}_bucket[5m])))` }],
};
