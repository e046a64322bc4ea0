import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { probeMetrics as probe } from '../../exporters/metrics/probe.ts';
import { duration } from '../../kernel/duration.ts';
import { callThePersonOnCall } from '../steps.ts';
import { defineTrackAlert, maxTrackShare, tracksAbove } from '../tracks.ts';

/** Seconds: 250 ms is a bound of LiveKit's own buckets; ITU-T G.114 calls 150 ms one way good and 400 ms bad. */
export const maxRoundTripSeconds = 0.25;
const { name } = livekit.roundTrip;
const roundTrip = tracksAbove(name, maxRoundTripSeconds * 1e3);

/** The way to people and back is long for many: they talk over each other. */
export const roundTripHigh = defineTrackAlert({
  name: 'RoundTripHigh',
  histogram: name,
  bad: roundTrip,
  threshold: maxTrackShare,
  escalateAfter: duration('1h'),
  for: duration('5m'),
  summary: 'The way to many people and back takes too long',
  description:
    'On node {{ $labels.node_id }} {{ $value | humanizePercentage }} of the {{ $labels.direction }} tracks have a round trip above 250 ms.',
  runbook: {
    meaning: `For five minutes more than one in twenty tracks of a node has had a round trip above ${maxRoundTripSeconds * 1_000} ms.`,
    impact: 'People talk over each other; nobody sees why.',
    diagnosis: [
      { say: 'Which node?', query: roundTrip },
      { say: 'And for the trial meeting, whose line is good?', query: `max(${probe.roundTrip.name})` },
      { say: 'Do packets get lost too?', query: `sum by (direction) (rate(${livekit.packetLoss.name}[5m]))` },
      {
        say: 'Do the people sit far away? By country, where the gateway says it.',
        query: `topk(5, sum by (country) (rate(${name}_count[5m])))`,
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'On all nodes: the transit or the region, so ask DigitalOcean. For one country: a region nearer to it.',
    leave: 'One large meeting of people on another continent is the whole share.',
    answers: ['Load Balancer Issues'],
  },
});
