import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { duration } from '../../kernel/duration.ts';
import { callThePersonOnCall } from '../steps.ts';
import { defineTrackAlert, maxTrackShare, tracksAbove } from '../tracks.ts';

/** Seconds: 50 ms is a bound of LiveKit's own buckets; from 30 ms on clients warn (Twilio's voice SDK). */
export const maxJitterSeconds = 0.05;
const { name } = livekit.jitter;
const jitter = tracksAbove(name, maxJitterSeconds * 1e6);

/** Packets of many tracks come at uneven times. Shortage of CPU on a node shows here before anywhere else. */
export const jitterHigh = defineTrackAlert({
  name: 'JitterHigh',
  histogram: name,
  bad: jitter,
  threshold: maxTrackShare,
  escalateAfter: duration('30m'),
  for: duration('3m'),
  summary: 'Packets of many tracks come at uneven times',
  description:
    'On node {{ $labels.node_id }} {{ $value | humanizePercentage }} of the {{ $labels.direction }} tracks have a jitter above 50 ms.',
  runbook: {
    meaning: `For three minutes more than one in twenty tracks of a node has had a jitter above ${maxJitterSeconds * 1_000} ms; incoming is from people to us, outgoing from us to people.`,
    impact: 'Voices sound chopped, and everybody hears each other later.',
    diagnosis: [
      { say: 'Which node, which direction?', query: jitter },
      { say: 'Is the node short of CPU?', query: 'node_id:sfu_cpu_load_ratio:max' },
      { say: 'Is something else on its machine?', command: 'kubectl top nodes', expect: 'CPU% below 90.' },
      { say: 'Do scores suffer?', query: 'node_id:sfu_quality_low:ratio_rate5m' },
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
    person: 'Find what else uses the CPU of the node; without that, ask DigitalOcean about the machine.',
    leave: 'The people of one meeting sit behind one bad network.',
    answers: ['High CPU/Memory Usage'],
  },
});
