import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { probeMetrics as probe } from '../../exporters/metrics/probe.ts';
import type { Objective } from './define.ts';

const livekitEnds = (states: string) => `sum by (job) (rate(${livekit.joins.name}{state=~"${states}"}[5m]))`;
const trials = (series: string) => `sum by (job) (rate(${series}[5m]))`;
const lost = `${probe.failures.name}{stage="validate"}`;

/**
 * The trial meeting's joins are among LiveKit's own, so the larger of the two counts and not their sum: one failed join burns once. What failed before its
 * WebSocket opened never reached LiveKit and is one more.
 */
const joined = (ends: string, tried: string) => `((sum(rate(${lost}[5m])) or vector(0)) + max(${ends} or ${tried}))`;

/** People who want into a meeting get in. Failures of both stages count; who gives up before the end is neither. The trial meeting that got in and heard nothing has joined. */
export const joinSuccess: Objective = {
  name: 'JoinSuccess',
  key: 'join',
  promise: 'People who join get in',
  objective: 0.99,
  owner: 'media',
  service: 'livekit-sfu',
  bad: joined(livekitEnds('rtc_failure|signal_.*failed'), trials(`${probe.failures.name}{stage!~"validate|media"}`)),
  total: joined(
    livekitEnds('rtc_success|rtc_failure|signal_.*failed'),
    `(${trials(probe.attempts.name)} - ${trials(lost)})`,
  ),
  leastAnHour: 10,
  impact: 'People cannot get into meetings.',
  look: [
    { say: 'At which step?', query: `sum by (state) (rate(${livekit.joins.name}[5m]))` },
    { say: 'And the trial meeting?', query: `sum by (stage, reason) (rate(${probe.failures.name}[5m]))` },
  ],
};
