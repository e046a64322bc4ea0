import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { duration } from '../../kernel/duration.ts';
import { callThePersonOnCall } from '../steps.ts';
import { defineTrackAlert, trackSamples } from '../tracks.ts';

/** Mean loss of tracks, 0 to 1: from 2.5 % on Opus, from 2 % on video falls below good (LiveKit's connectionstats.go). */
export const maxLossRatio = 0.02;
const { name } = livekit.packetLossPercent;
const loss = `sum by (node_id, direction) (rate(${name}_sum[5m])) / (100 * ${trackSamples(name)})`;

/** Packets are lost on the way to a node or from it. LiveKit's mean opinion score has no direction (MediaQualityDegraded): loss, jitter and round trip tell up from down. */
export const packetLossHigh = defineTrackAlert({
  name: 'PacketLossHigh',
  histogram: name,
  bad: loss,
  threshold: maxLossRatio,
  escalateAfter: duration('30m'),
  for: duration('3m'),
  summary: 'Packets of many tracks are lost',
  description:
    'On node {{ $labels.node_id }} {{ $value | humanizePercentage }} of the {{ $labels.direction }} packets are lost.',
  runbook: {
    meaning: `For three minutes tracks of one node have lost more than ${maxLossRatio * 100} % on the mean; incoming is from people to us, outgoing from us to people.`,
    impact: 'Voices break up, pictures freeze; people with a good line of their own suffer too.',
    diagnosis: [
      { say: 'Which node, which direction?', query: loss },
      {
        say: 'Sound or picture?',
        query: `sum by (direction, type) (rate(${name}_sum[5m])) / sum by (direction, type) (rate(${name}_count[5m]))`,
      },
      {
        say: 'Does the node drop packets itself?',
        query: `max by (node_id) (deriv(${livekit.nodePackets.name}{type="dropped"}[5m]))`,
      },
      { say: 'Is it short of CPU?', query: 'node_id:sfu_cpu_load_ratio:max' },
      {
        say: 'Where do the people come from? One country or provider is their line, not ours.',
        query: `topk(5, sum by (country, direction) (rate(${livekit.packetLoss.name}[5m])))`,
      },
    ],
    mitigation: [
      {
        say: 'Add one SFU node where the node is hot: it does nothing for the meetings that suffer now.',
        action: 'scaleSfu',
        params: { step: 1 },
        approval: 'one',
      },
      callThePersonOnCall,
    ],
    person: 'Outgoing on one node: its machine or its line, so ask DigitalOcean. Incoming on all nodes: the transit.',
    leave: 'The people of one meeting sit behind one bad network.',
    answers: ['High CPU/Memory Usage'],
  },
});
