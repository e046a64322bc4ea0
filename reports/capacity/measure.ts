import { jobs } from '../../alerts/jobs.ts';
import { sfuRules } from '../../alerts/recording/sfu.ts';
import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { processMetrics as ofProcess } from '../../exporters/metrics/process.ts';
import type { CpuPoint } from '../../model/capacity/calibrate.ts';
import type { NodeNow } from '../../model/capacity/headroom.ts';
import { type CpuCost, nodeLimits } from '../../model/capacity/node.ts';
import type { TrafficPoint } from '../../model/forecast/grid.ts';
import type { Metrics } from '../../responders/ports.ts';

const job = `job="${jobs.livekit}"`;
// process_* has no node_id: it is borrowed from a livekit_* gauge of the same target.
const withNode = `* on (job, instance) group_left (node_id) group by (job, instance, node_id) (${livekit.rooms.name}{${job}})`;

/** What is asked of Prometheus, by what it is for. */
export const capacityQueries = {
  serving: `max by (node_id) (${exporter.nodeState.name}{state="serving"}) == 1`,
  load: sfuRules.cpuLoad.record,
  bytes: `max by (node_id) (${exporter.nodeBytes.name}{direction="out"})`,
  participants: `max by (node_id) (${exporter.nodeParticipants.name})`,
  packets: `sum by (node_id) (rate(${livekit.packets.name}{${job},direction="outgoing"}[5m]))`,
  cores: `max by (node_id) (${ofProcess.goMaxProcs.name}{${job}} ${withNode})`,
  cpuSeconds: `max by (node_id) (rate(${ofProcess.cpuSeconds.name}{${job}}[5m]) ${withNode})`,
  // Two exporters see the same people.
  traffic: `max_over_time(sum(max by (state, kind) (${exporter.participants.name}))[1h:5m])`,
} as const;

/** The serving nodes with all that is known of each; `unmeasured` names those that lack a figure, which count for nothing. */
export async function readFleet(
  metrics: Metrics,
  sizeSlug: string,
  cpu: CpuCost,
): Promise<{ readonly nodes: readonly NodeNow[]; readonly unmeasured: readonly string[] }> {
  const read = async (expr: string) =>
    new Map((await metrics.query(expr)).map(({ labels, value }) => [labels['node_id'] ?? '', value]));
  const [serving, load, bytes, participants, packets, cores] = await Promise.all([
    read(capacityQueries.serving),
    read(capacityQueries.load),
    read(capacityQueries.bytes),
    read(capacityQueries.participants),
    read(capacityQueries.packets),
    read(capacityQueries.cores),
  ]);
  const nodes: NodeNow[] = [];
  const unmeasured: string[] = [];
  for (const id of [...serving.keys()].sort()) {
    const [ratio, bytesPerSecond, people, packetsPerSecond, vcpus] = [load, bytes, participants, packets, cores].map(
      (figures) => figures.get(id),
    );
    if (
      ratio === undefined ||
      bytesPerSecond === undefined ||
      people === undefined ||
      packetsPerSecond === undefined ||
      vcpus === undefined
    )
      unmeasured.push(id);
    else
      nodes.push({
        id,
        participants: people,
        // Idle cores are taken off the limit, so they must not count as used as well.
        used: { cpuCores: Math.max(0, ratio * vcpus - cpu.idleCores), packetsPerSecond, bytesPerSecond },
        limits: nodeLimits({ slug: sizeSlug, vcpus }, cpu),
      });
  }
  return { nodes, unmeasured };
}

/** CPU against packets of each node every 15 minutes. */
export async function readCpuPoints(
  metrics: Metrics,
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<CpuPoint[]> {
  const step = { ...range, stepMs: 900_000 };
  const [cpu, packets] = await Promise.all([
    metrics.queryRange(capacityQueries.cpuSeconds, step),
    metrics.queryRange(capacityQueries.packets, step),
  ]);
  const sent = new Map(
    packets.flatMap(({ labels, points }) =>
      points.map(([at, value]) => [`${labels['node_id']} ${at}`, value] as const),
    ),
  );
  return cpu.flatMap(({ labels, points }) =>
    points.flatMap(([at, cpuCores]) => {
      const packetsPerSecond = sent.get(`${labels['node_id']} ${at}`);
      return packetsPerSecond === undefined ? [] : [{ packetsPerSecond, cpuCores }];
    }),
  );
}

/** The highest number of participants of each hour. */
export async function readTraffic(
  metrics: Metrics,
  range: { readonly nowMs: number; readonly weeks: number },
): Promise<TrafficPoint[]> {
  const hourMs = 3_600_000;
  const toMs = Math.floor(range.nowMs / hourMs) * hourMs;
  const series = await metrics.queryRange(capacityQueries.traffic, {
    fromMs: toMs - range.weeks * 168 * hourMs,
    toMs,
    stepMs: hourMs,
  });
  // A value at the full hour speaks of the hour before it.
  return series.flatMap(({ points }) => points.map(([at, participants]) => ({ atMs: at - hourMs, participants })));
}
