import type { Duration } from '../kernel/duration.ts';
import { sfuWorkload } from '../manifests/catalogue/livekit-sfu.ts';
import { type Alert, defineAlert } from './define.ts';

/** Samples a second of a node in one direction below which a few bad home networks would be the whole share: 4 are 20 tracks, since each gives one in 5 s. */
const minTrackSamplesPerSecond = 4;

/** How many samples of tracks LiveKit takes each second, by node and direction: `incoming` is from people to us. */
export function trackSamples(histogram: string): string {
  return `sum by (node_id, direction) (rate(${histogram}_count[5m]))`;
}

/** Share of tracks, 0 to 1, that may be above a bound: one in twenty, so that it is the 95th percentile. */
export const maxTrackShare = 0.05;

/** Share of the samples of tracks above a bound of LiveKit's own buckets, by node and direction. Exact, and a twelfth of the series that a quantile reads. */
export function tracksAbove(histogram: string, bound: number): string {
  // Prometheus 3 writes the bound of a whole number with a point and a zero.
  const below = `sum by (node_id, direction) (rate(${histogram}_bucket{le=~"${bound}(\\\\.0)?"}[5m]))`;
  return `1 - ${below} / ${trackSamples(histogram)}`;
}

/** What differs between alerts on the tracks of a node. */
interface TrackAlert extends Pick<Alert, 'name' | 'for' | 'summary' | 'description' | 'runbook'> {
  /** LiveKit's histogram of it. */
  readonly histogram: string;
  /** How bad it is, by node and direction, and from where on it is too bad, 0 to 1. */
  readonly bad: string;
  readonly threshold: number;
  readonly escalateAfter: Duration;
}

/** An alert that judges each node and direction by its tracks, where there are enough of them. */
export function defineTrackAlert({ histogram, bad, threshold, escalateAfter, ...words }: TrackAlert): Alert {
  return defineAlert({
    ...words,
    expr: `${bad} > ${threshold}\nand ${trackSamples(histogram)} >= ${minTrackSamplesPerSecond}`,
    severity: 'warning',
    owner: 'media',
    group: 'business',
    labels: { service: sfuWorkload.name },
    response: {
      mode: 'suggest',
      escalateAfter,
      signal: { query: bad, unit: 'ratio', threshold, direction: 'above', legend: '{{node_id}} {{direction}}' },
    },
  });
}
