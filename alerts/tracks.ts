/** Samples a second of a node in one direction below which a few bad home networks would be the whole share: 4 are 20 tracks, since each gives one in 5 s. */
export const minTrackSamplesPerSecond = 4;

/** How many samples of tracks LiveKit takes each second, by node and direction: `incoming` is from people to us. */
export function trackSamples(histogram: string): string {
  return `sum by (node_id, direction) (rate(${histogram}_count[5m]))`;
}

/** What one track in twenty exceeds, by node and direction, in the histogram's own unit. */
export function trackQuantile(histogram: string): string {
  return `histogram_quantile(0.95, sum by (node_id, direction, le) (rate(${histogram}_bucket[5m])))`;
}
