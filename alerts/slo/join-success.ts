import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { probeMetrics as probe } from '../../exporters/metrics/probe.ts';
import type { Objective } from './define.ts';

// What never reaches LiveKit it cannot count: the trial meeting tries the whole way, as one person more.
const rate = (states: string, trials: string) =>
  `sum(rate(${livekit.joins.name}{state=~"${states}"}[5m]) or rate(${trials}[5m]))`;

/** People who want into a meeting get in. Failures of both stages count; who gives up before the end is neither. The trial meeting that got in and heard nothing has joined. */
export const joinSuccess: Objective = {
  name: 'JoinSuccess',
  key: 'join',
  promise: 'People who join get in',
  objective: 0.99,
  owner: 'media',
  service: 'livekit-sfu',
  bad: rate('rtc_failure|signal_.*failed', `${probe.failures.name}{stage!="media"}`),
  total: rate('rtc_success|rtc_failure|signal_.*failed', probe.attempts.name),
  impact: 'People cannot get into meetings.',
  look: [
    { say: 'At which step?', query: `sum by (state) (rate(${livekit.joins.name}[5m]))` },
    { say: 'And the trial meeting?', query: `sum by (stage, reason) (rate(${probe.failures.name}[5m]))` },
  ],
};
