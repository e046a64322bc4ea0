import { qualityRules } from '../../alerts/recording/quality.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { probeMetrics as probe } from '../../exporters/metrics/probe.ts';
import { sharedQueries as shared } from '../shared.ts';

const node = 'node_id=~"$node"';
const rate = (metric: string, where = `{${node}}`) => `rate(${metric}${where}[$__rate_interval])`;
const and = (more: string) => `{${node}, ${more}}`;
const p95 = (metric: string, by: string, perSecond: number) =>
  `histogram_quantile(0.95, sum by (le${by}) (${rate(`${metric}_bucket`)})) / ${perSecond}`;

const packets = `sum by (direction) (${rate(livekit.packets.name)})`;

/** What the board on media asks. A kind of event that never happened has no series in LiveKit: that is 0, not nothing. Up is to the SFU, down from it; histograms count one sample a track each 5 s, so ratios are of sums. */
export const webrtcQueries = {
  score: `sum(${rate(`${livekit.qualityScore.name}_sum`)}) / sum(${rate(`${livekit.qualityScore.name}_count`)})`,
  worstNode: `topk(1, ${qualityRules.lowShare.record}{${node}})`,
  joinSuccess: shared.joinSuccess,
  trial: shared.trial,
  loss: `(sum by (direction) (${rate(livekit.packetLoss.name)}) or 0 * ${packets}) / on (direction) ${packets}`,
  lossyTracks: `1 - sum by (direction, type) (${rate(`${livekit.packetLossPercent.name}_bucket`, and('le=~"5|5\\\\.0"'))}) / sum by (direction, type) (${rate(`${livekit.packetLossPercent.name}_count`)})`,
  jitter: p95(livekit.jitter.name, ', direction, type', 1_000_000),
  roundTrip: p95(livekit.roundTrip.name, ', direction', 1_000),
  scoreByNode: `sum by (node_id) (${rate(`${livekit.qualityScore.name}_sum`)}) / sum by (node_id) (${rate(`${livekit.qualityScore.name}_count`)})`,
  nacks: `(sum(${rate(livekit.nacks.name)}) or vector(0)) / sum(${rate(livekit.packets.name, and('direction="outgoing"'))})`,
  keyFrames: `(sum(${rate(livekit.plis.name)}) or vector(0)) / clamp_min(sum(${livekit.tracksPublished.name}{${node}, kind="VIDEO"}), 1)`,
  resent: `(sum(${rate(livekit.packetBytes.name, and('direction="outgoing", transmission="retransmit"'))}) or vector(0)) / sum(${rate(livekit.packetBytes.name, and('direction="outgoing"'))})`,
  joinsByState: `sum by (state) (${rate(livekit.joins.name)})`,
  joinFailures: shared.joinFailures,
  signalling: p95(livekit.joinLatency.name, '', 1_000),
  connected: p95(livekit.sessionStart.name, '', 1_000),
  published: `sum by (kind) (${livekit.tracksPublished.name}{${node}})`,
  forwarded: `sum by (kind) (${livekit.tracksSubscribed.name}{${node}})`,
  probeStages: `sum by (stage) (${rate(`${probe.stageSeconds.name}_sum`, '')}) / sum by (stage) (${rate(`${probe.stageSeconds.name}_count`, '')})`,
  probeLoss: `max by (direction, kind) (${probe.packetLoss.name})`,
} as const;
