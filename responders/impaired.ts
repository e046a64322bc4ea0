import { livekitExporterMetrics as exporter } from '../exporters/metrics/livekit-exporter.ts';
import type { Metrics } from './ports.ts';
import type { Episode } from './records.ts';

/** Points that one episode is measured at, at most. */
const maxPoints = 1_000;
const leastStepMs = 15_000;

/**
 * Participant-minutes on the nodes that an incident's alerts name, from when each fired until it resolved: an upper bound
 * of what people felt, since not everyone on a hot node notices. Undefined when no alert names a node, or nothing was measured.
 */
export async function impairedParticipantMinutes(
  metrics: Metrics,
  episodes: readonly Episode[],
  nowMs: number,
): Promise<number | undefined> {
  const onNodes = episodes.filter(({ labels }) => /^[\w-]+$/.test(labels['node_id'] ?? ''));
  const minutes = await Promise.all(onNodes.map((episode) => minutesOf(metrics, episode, nowMs)));
  const known = minutes.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.round(known.reduce((sum, value) => sum + value, 0));
}

async function minutesOf(metrics: Metrics, episode: Episode, nowMs: number): Promise<number | undefined> {
  const fromMs = episode.startsAtMs;
  const toMs = episode.resolvedAtMs ?? nowMs;
  const stepMs = Math.max(
    Math.min(leastStepMs, Math.max(1_000, (toMs - fromMs) / 10)),
    Math.ceil((toMs - fromMs) / maxPoints),
  );
  const query = `max(${exporter.nodeParticipants.name}{node_id="${episode.labels['node_id']}"})`;
  const [series] = await metrics.queryRange(query, { fromMs, toMs, stepMs }).catch(() => []);
  if (series === undefined) return undefined;
  return series.points.reduce((sum, [, people]) => sum + people, 0) * (stepMs / 60_000);
}
