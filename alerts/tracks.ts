/** Samples a second of a node in one direction below which a few bad home networks would be the whole share: 4 are 20 tracks, since each gives one in 5 s. */
export const minTrackSamplesPerSecond = 4;

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
