import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import type { Objective } from './define.ts';

const rate = (states: string) => `sum(rate(${livekit.joins.name}{state=~"${states}"}[5m]))`;

/** People who want into a meeting get in. Failures of both stages count; who gives up before the end is neither. */
export const joinSuccess: Objective = {
  name: 'JoinSuccess',
  key: 'join',
  promise: 'People who join get in',
  objective: 0.99,
  owner: 'media',
  service: 'livekit-sfu',
  bad: rate('rtc_failure|signal_.*failed'),
  total: rate('rtc_success|rtc_failure|signal_.*failed'),
  impact: 'People cannot get into meetings.',
  look: [{ say: 'At which step?', query: `sum by (state) (rate(${livekit.joins.name}[5m]))` }],
};
