/** What happened to an incident at one moment, drawn over its signal. */
export interface ChartMarker {
  readonly kind: 'fired' | 'decided' | 'acted' | 'verified' | 'failed';
  readonly atMs: number;
}

/** A marker with the row its label stands in, so that labels of near moments do not cover each other. */
interface PlacedMarker extends ChartMarker {
  readonly row: number;
  readonly label: string;
  /** Where the label goes, so that it stays inside the frame. */
  readonly align: 'left' | 'right';
}

const labelWidthPx = 106;

/** Places markers in as few rows as they need; the first of each kind and moment only, those outside the window left out. */
export function placeMarkers(
  markers: readonly ChartMarker[],
  frame: { fromMs: number; toMs: number; widthPx: number; clock?: 'UTC' | 'from 0' },
): readonly PlacedMarker[] {
  const pxPerMs = frame.widthPx / Math.max(1, frame.toMs - frame.fromMs);
  const rowEndsPx: number[] = [];
  const seen = new Set<string>();
  const placed: PlacedMarker[] = [];
  for (const marker of markers.toSorted((a, b) => a.atMs - b.atMs)) {
    const key = `${marker.kind} ${Math.floor(marker.atMs / 1_000)}`;
    if (marker.atMs < frame.fromMs || marker.atMs > frame.toMs || seen.has(key)) continue;
    seen.add(key);
    const x = (marker.atMs - frame.fromMs) * pxPerMs;
    const align = x + labelWidthPx > frame.widthPx ? 'right' : 'left';
    const start = align === 'left' ? x : x - labelWidthPx;
    const free = rowEndsPx.findIndex((end) => end <= start);
    const row = free === -1 ? rowEndsPx.length : free;
    rowEndsPx[row] = start + labelWidthPx;
    placed.push({
      ...marker,
      row,
      align,
      label: frame.clock === 'from 0' ? marker.kind : `${marker.kind} ${utcTime(marker.atMs)}`,
    });
  }
  // The earliest stands highest: the line of a later one then starts below the words of those before it.
  return placed.map((marker) => ({ ...marker, row: rowEndsPx.length - 1 - marker.row }));
}

/** `14:03:07`, in UTC. */
function utcTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}
