import type { Droplet, DropletTransfer } from './domain.ts';
import type { MatrixPoint } from './source-shapes.ts';
import { integrateMbps, monthOf } from './transfer.ts';

/** Reads the curve of one Droplet's outbound public traffic, Mbit/s. */
export type BandwidthReader = (dropletId: string, startMs: number, endMs: number) => Promise<readonly MatrixPoint[]>;

/** The month's traffic so far: each Droplet's is read on from where it was read last. What a Droplet sent before it vanished stays counted. */
export async function readTransfer(
  read: BandwidthReader,
  droplets: readonly Droplet[],
  before: readonly DropletTransfer[],
  nowMs: number,
): Promise<readonly DropletTransfer[]> {
  const { startMs } = monthOf(nowMs);
  const counted = new Map(
    before.filter(({ untilMs }) => untilMs >= startMs).map((transfer) => [transfer.dropletId, transfer]),
  );
  for (const { id } of droplets) {
    const known = counted.get(id);
    const fromMs = Math.max(known?.untilMs ?? startMs, startMs);
    // A curve that began last month is begun anew: its bytes were that month's.
    const base = known !== undefined && known.fromMs >= startMs ? known : undefined;
    const points = await read(id, fromMs, nowMs);
    const untilMs = points.at(-1)?.atMs ?? fromMs;
    counted.set(id, {
      dropletId: id,
      outboundBytes: (base?.outboundBytes ?? 0) + integrateMbps(points),
      fromMs: base?.fromMs ?? startMs,
      untilMs,
    });
  }
  return [...counted.values()].filter(({ fromMs }) => fromMs >= startMs);
}
