import type { Droplet, DropletTransfer, Size } from './domain.ts';

const hourMs = 3_600_000;

/** Start and end of the UTC month, the period DigitalOcean bills. */
export function monthOf(nowMs: number): { readonly startMs: number; readonly endMs: number } {
  const now = new Date(nowMs);
  return {
    startMs: Date.UTC(now.getUTCFullYear(), now.getUTCMonth()),
    endMs: Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1),
  };
}

/** Bytes under a curve of Mbit/s, by trapezoids between neighbouring points. */
export function integrateMbps(points: readonly { readonly atMs: number; readonly value: number }[]): number {
  let bytes = 0;
  points.forEach((point, index) => {
    const before = points[index - 1];
    if (before === undefined || point.atMs <= before.atMs) return;
    bytes += (((point.value + before.value) / 2) * 125_000 * (point.atMs - before.atMs)) / 1_000;
  });
  return Math.round(bytes);
}

/** The team's outbound transfer this month. Overage is what the pool does not hold at the month's end, at the pace so far. */
export interface TransferPool {
  readonly poolBytes: number;
  readonly usedBytes: number;
  readonly projectedBytes: number;
  readonly projectedOverageBytes: number;
  /** Droplets whose traffic is in `usedBytes`, those gone since included. */
  readonly measured: number;
}

/** The pool at the month's end and what will have been used of it. Each Droplet brings its size's allowance for at most `cappedHours` of the month; a size without a known allowance brings none. Undefined before any traffic was measured. */
export function transferPool(input: {
  readonly droplets: readonly Droplet[];
  readonly sizes: readonly Size[];
  readonly transfer: readonly DropletTransfer[];
  readonly cappedHours: number;
  readonly nowMs: number;
}): TransferPool | undefined {
  const { startMs, endMs } = monthOf(input.nowMs);
  const current = input.transfer.filter(({ untilMs }) => untilMs > startMs);
  if (current.length === 0 && input.droplets.length > 0) return undefined;
  const allowance = new Map(input.sizes.map(({ slug, transferBytes }) => [slug, transferBytes]));
  const poolBytes = input.droplets.reduce((sum, { sizeSlug, createdAtMs }) => {
    const hours = (endMs - Math.min(Math.max(createdAtMs ?? startMs, startMs), endMs)) / hourMs;
    return sum + ((allowance.get(sizeSlug) ?? 0) * Math.min(hours, input.cappedHours)) / input.cappedHours;
  }, 0);
  const usedBytes = current.reduce((sum, { outboundBytes }) => sum + outboundBytes, 0);
  const measuredUntilMs = current.reduce((latest, { untilMs }) => Math.max(latest, untilMs), startMs);
  const paceMs = measuredUntilMs - startMs;
  const projectedBytes = paceMs <= 0 ? usedBytes : (usedBytes * (endMs - startMs)) / paceMs;
  return {
    poolBytes: Math.round(poolBytes),
    usedBytes,
    projectedBytes: Math.round(projectedBytes),
    projectedOverageBytes: Math.round(Math.max(0, projectedBytes - poolBytes)),
    measured: current.length,
  };
}
