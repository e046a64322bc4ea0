import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { LiveKitSource } from '../../exporters/livekit/domain.ts';
import { c32 } from './nodes.ts';
import type { SfuProcess } from './sfu.ts';

/** Clock ticks a second in /proc/PID/stat: USER_HZ, 100 on every architecture that Node runs on (proc(5)). */
const ticksPerSecond = 100;
/** Shorter spans are too coarse at 10 ms a tick. */
const leastSpanMs = 1_000;

/**
 * A real source in which each process is a c-32 node of its own: LiveKit reports the load of its machine, and here all of them share one. Its load is the CPU time
 * of the process over `cores`, which are all of the machine's unless said; a node has the cores of a c-32, as in Kubernetes.
 */
export function withOwnLoad(
  source: LiveKitSource,
  running: () => readonly SfuProcess[],
  cores = availableParallelism(),
): LiveKitSource {
  const readings = new Map<string, { atMs: number; cpuSeconds: number; ratio: number }>();
  return {
    ...source,
    async readNodes() {
      const nodes = await source.readNodes();
      return await Promise.all(
        nodes.map(async (node) => {
          const pid = running().find(({ peer }) => peer.nodeId === node.nodeId)?.peer.pid;
          const cpuLoadRatio = pid === undefined ? 0 : await loadOf(node.nodeId, pid);
          return { ...node, cpus: c32.cpuCores, cpuLoadRatio };
        }),
      );
    },
  };

  async function loadOf(nodeId: string, pid: number): Promise<number> {
    const cpuSeconds = await cpuSecondsOf(pid);
    const atMs = Date.now();
    const before = readings.get(nodeId);
    if (cpuSeconds === undefined) return 0;
    if (before !== undefined && atMs - before.atMs < leastSpanMs) return before.ratio;
    const spanSeconds = before === undefined ? 0 : (atMs - before.atMs) / 1_000;
    const ratio = before === undefined ? 0 : (cpuSeconds - before.cpuSeconds) / spanSeconds / cores;
    const seen = Math.min(ratio, 1);
    readings.set(nodeId, { atMs, cpuSeconds, ratio: seen });
    return seen;
  }
}

/** User and system time of a process; undefined when it has ended. */
async function cpuSecondsOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the name in brackets, which may hold spaces; utime and stime are the 12th and 13th after it.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime, stime] = [Number(fields?.[11]), Number(fields?.[12])];
  return Number.isFinite(utime + stime) ? (utime + stime) / ticksPerSecond : undefined;
}
