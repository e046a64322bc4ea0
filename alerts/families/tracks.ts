import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { probeMetrics as probe } from '../../exporters/metrics/probe.ts';
import { type Duration, duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { type Alert, type Diagnosis, defineAlert, type Mitigation } from '../define.ts';
import type { RunbookSection } from '../runbook-sections.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Samples a second of a node in one direction below which a few bad home networks would be the whole share: 4 are 20 tracks, since each gives one in 5 s. */
const minTrackSamplesPerSecond = 4;
/** Share of tracks, 0 to 1, that may be above a bound: one in twenty, so that it is the 95th percentile. */
const maxTrackShare = 0.05;
/** Mean loss of tracks, 0 to 1: from 2.5 % on Opus, from 2 % on video falls below good (LiveKit's connectionstats.go). */
const maxLossRatio = 0.02;
/** Seconds: 50 ms is a bound of LiveKit's own buckets; from 30 ms on clients warn (Twilio's voice SDK). */
export const maxJitterSeconds = 0.05;
/** Seconds: 250 ms is a bound of LiveKit's own buckets; ITU-T G.114 calls 150 ms one way good and 400 ms bad. */
export const maxRoundTripSeconds = 0.25;

/** What LiveKit measures of tracks, and from where on it is too much. */
interface Measure {
  readonly name: string;
  readonly histogram: string;
  /** How bad it is, by node and direction, and from where on it is too bad, 0 to 1. */
  readonly bad: string;
  readonly threshold: number;
  readonly for: Duration;
  readonly escalateAfter: Duration;
  readonly summary: string;
  /** What the description says of the figure, and the meaning of the limit. */
  readonly described: string;
  readonly limit: string;
  readonly impact: string;
  readonly look: readonly Diagnosis[];
  /** A node that is hot can be helped by another one. */
  readonly helpedByNode: boolean;
  readonly person: string;
  readonly leave: string;
  readonly answers: readonly RunbookSection[];
}

/** How many samples of tracks LiveKit takes each second, by node and direction: `incoming` is from people to us. */
function samples(histogram: string): string {
  return `sum by (node_id, direction) (rate(${histogram}_count[5m]))`;
}

/** Share of the samples of tracks above a bound of LiveKit's own buckets, by node and direction. Exact, and a twelfth of the series that a quantile reads. */
function above(histogram: string, bound: number): string {
  // Prometheus 3 writes the bound of a whole number with a point and a zero.
  const below = `sum by (node_id, direction) (rate(${histogram}_bucket{le=~"${bound}(\\\\.0)?"}[5m]))`;
  return `1 - ${below} / ${samples(histogram)}`;
}

const { packetLossPercent, jitter, roundTrip } = livekit;
const nodeLoad: Diagnosis = { say: 'Is the node short of CPU?', query: 'node_id:sfu_cpu_load_ratio:max' };
const addNode: Mitigation = {
  say: 'Add one SFU node where the node is hot: it does nothing for the meetings that suffer now.',
  action: 'scaleSfu',
  params: { step: 1 },
  approval: 'one',
};

const measures: readonly Measure[] = [
  {
    name: 'PacketLossHigh',
    histogram: packetLossPercent.name,
    bad: `sum by (node_id, direction) (rate(${packetLossPercent.name}_sum[5m])) / (100 * ${samples(packetLossPercent.name)})`,
    threshold: maxLossRatio,
    for: duration('3m'),
    escalateAfter: duration('30m'),
    summary: 'Packets of many tracks are lost',
    described: '{{ $labels.direction }} packets are lost',
    limit: `tracks of one node have lost more than ${maxLossRatio * 100} % on the mean`,
    impact: 'Voices break up, pictures freeze; people with a good line of their own suffer too.',
    look: [
      {
        say: 'Sound or picture?',
        query: `sum by (direction, type) (rate(${packetLossPercent.name}_sum[5m])) / sum by (direction, type) (rate(${packetLossPercent.name}_count[5m]))`,
      },
      {
        say: 'Does the node drop packets itself?',
        query: `max by (node_id) (deriv(${livekit.nodePackets.name}{type="dropped"}[5m]))`,
      },
      nodeLoad,
      {
        say: 'Where do the people come from? One country or provider is their line, not ours.',
        query: `topk(5, sum by (country, direction) (rate(${livekit.packetLoss.name}[5m])))`,
      },
    ],
    helpedByNode: true,
    person: 'Outgoing on one node: its machine or its line, so ask DigitalOcean. Incoming on all nodes: the transit.',
    leave: 'The people of one meeting sit behind one bad network.',
    answers: ['High CPU/Memory Usage'],
  },
  {
    name: 'JitterHigh',
    histogram: jitter.name,
    bad: above(jitter.name, maxJitterSeconds * 1e6),
    threshold: maxTrackShare,
    for: duration('3m'),
    escalateAfter: duration('30m'),
    summary: 'Packets of many tracks come at uneven times',
    described: '{{ $labels.direction }} tracks have a jitter above 50 ms',
    limit: `more than one in twenty tracks of a node has had a jitter above ${maxJitterSeconds * 1_000} ms`,
    impact: 'Voices sound chopped, and everybody hears each other later.',
    look: [
      nodeLoad,
      { say: 'Is something else on its machine?', command: 'kubectl top nodes', expect: 'CPU% below 90.' },
      { say: 'Do scores suffer?', query: 'node_id:sfu_quality_low:ratio_rate5m' },
    ],
    helpedByNode: true,
    person: 'Find what else uses the CPU of the node; without that, ask DigitalOcean about the machine.',
    leave: 'The people of one meeting sit behind one bad network.',
    answers: ['High CPU/Memory Usage'],
  },
  {
    name: 'RoundTripHigh',
    histogram: roundTrip.name,
    bad: above(roundTrip.name, maxRoundTripSeconds * 1e3),
    threshold: maxTrackShare,
    for: duration('5m'),
    escalateAfter: duration('1h'),
    summary: 'The way to many people and back takes too long',
    described: '{{ $labels.direction }} tracks have a round trip above 250 ms',
    limit: `more than one in twenty tracks of a node has had a round trip above ${maxRoundTripSeconds * 1_000} ms`,
    impact: 'People talk over each other; nobody sees why.',
    look: [
      { say: 'And for the trial meeting, whose line is good?', query: `max(${probe.roundTrip.name})` },
      { say: 'Do packets get lost too?', query: `sum by (direction) (rate(${livekit.packetLoss.name}[5m]))` },
      {
        say: 'Do the people sit far away? By country, where the gateway says it.',
        query: `topk(5, sum by (country) (rate(${roundTrip.name}_count[5m])))`,
      },
    ],
    helpedByNode: false,
    person: 'On all nodes: the transit or the region, so ask DigitalOcean. For one country: a region nearer to it.',
    leave: 'One large meeting of people on another continent is the whole share.',
    answers: ['Load Balancer Issues'],
  },
];

/**
 * Loss, jitter and round trip of the tracks of a node, each direction by itself and only where there are enough of them. LiveKit's mean opinion score has no
 * direction (MediaQualityDegraded): these tell up from down.
 */
export const trackAlerts: readonly Alert[] = measures.map(
  ({ histogram, bad, threshold, escalateAfter, described, limit, impact, look, helpedByNode, ...rest }) => {
    const { person, leave, answers, ...rule } = rest;
    return defineAlert({
      ...rule,
      expr: `${bad} > ${threshold}\nand ${samples(histogram)} >= ${minTrackSamplesPerSecond}`,
      severity: 'warning',
      owner: 'media',
      group: 'business',
      labels: { service: sfuWorkload.name },
      description: `On node {{ $labels.node_id }} {{ $value | humanizePercentage }} of the ${described}.`,
      runbook: {
        meaning: `For ${rule.for} ${limit}; incoming is from people to us, outgoing from us to people.`,
        impact,
        diagnosis: [{ say: 'Which node, which direction?', query: bad }, ...look],
        mitigation: [...(helpedByNode ? [addNode] : []), callThePersonOnCall],
        person,
        leave,
        answers,
      },
      response: {
        mode: 'suggest',
        escalateAfter,
        signal: { query: bad, unit: 'ratio', threshold, direction: 'above', legend: '{{node_id}} {{direction}}' },
      },
    });
  },
);
