import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { livekitExporterMetrics as metrics } from '../metrics/livekit-exporter.ts';
import type { Snapshot } from './collect.ts';
import { nodeStates, type RecordingResult, recordingResults } from './domain.ts';
import type { MovementCounters } from './movements.ts';

export const sourceNames = ['room_service', 'redis', 'webhooks'] as const;
export type SourceName = (typeof sourceNames)[number];

/** How a source stands at the time of a scrape; `ageSeconds` is undefined until it has answered once. */
export interface SourceHealth {
  readonly up: boolean;
  readonly ageSeconds: number | undefined;
}

/** The metrics of the exporter. What comes from a snapshot is put into text once for each; counters and ages are written at each scrape. */
export interface Register {
  /** Shows a snapshot; undefined takes its series away, since old numbers must not pass for new ones. */
  show(snapshot: Snapshot | undefined, extras: { split: number; collectSeconds: number }): Promise<void>;
  readonly movements: MovementCounters;
  webhook(event: string, result: string): void;
  recording(result: RecordingResult): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** `health` is asked at each scrape. */
export function createRegister(health: () => Readonly<Record<SourceName, SourceHealth>>): Register {
  const live = new Registry();
  collectDefaultMetrics({ register: live });
  const ages = new Gauge({ ...shape(metrics.sourceAge, live) });
  const ups = new Gauge({ ...shape(metrics.sourceUp, live) });
  const joins = new Counter({ ...shape(metrics.participantJoins, live) });
  const leaves = new Counter({ ...shape(metrics.participantLeaves, live) });
  const webhooks = new Counter({ ...shape(metrics.webhookEvents, live) });
  const recordings = new Counter({ ...shape(metrics.recordings, live) });
  // There from the start: the first failure is an increase and not a new series.
  for (const result of recordingResults) recordings.inc({ result }, 0);
  let shown = '';
  return {
    movements: { join: (count) => joins.inc(count), leave: (reason, count) => leaves.inc({ reason }, count) },
    webhook: (event, result) => webhooks.inc({ event, result }),
    recording: (result) => recordings.inc({ result }),
    contentType: live.contentType,
    async show(snapshot, extras) {
      shown = snapshot === undefined ? '' : await describe(snapshot, extras);
    },
    async text() {
      for (const [source, { up, ageSeconds }] of Object.entries(health())) {
        ups.set({ source }, up ? 1 : 0);
        if (ageSeconds !== undefined) ages.set({ source }, ageSeconds);
      }
      return `${shown}${await live.metrics()}`;
    },
  };
}

/** Sizes of meetings that matter: alone, two, a team, a class, up to the limit. */
const roomSizeBuckets = [0, 1, 2, 5, 10, 20, 50, 100, 200, 300, 400, 450, 500];

async function describe(snapshot: Snapshot, extras: { split: number; collectSeconds: number }): Promise<string> {
  const registry = new Registry();
  const gauge = (metric: Shape) => new Gauge(shape(metric, registry));
  gauge(metrics.rooms).set(snapshot.rooms);
  const participants = gauge(metrics.participants);
  // Present from the start, so that a sum over an empty platform is 0 and not absent.
  participants.set({ state: 'active', kind: 'standard' }, 0);
  for (const { state, kind, count } of snapshot.participants) participants.set({ state, kind }, count);
  gauge(metrics.publishers).set(snapshot.publishers);
  const sizes = new Histogram({ ...shape(metrics.roomSize, registry), buckets: roomSizeBuckets });
  for (const size of snapshot.roomSizes) sizes.observe(size);
  const largest = gauge(metrics.roomParticipants);
  for (const { sid, nodeId, participants } of snapshot.largest)
    largest.set({ room_sid: sid, node_id: nodeId }, participants);
  gauge(metrics.roomFillRatioMax).set(snapshot.fillRatioMax);
  gauge(metrics.roomsSplit).set(extras.split);
  gauge(metrics.collectDuration).set(extras.collectSeconds);
  if (snapshot.nodes !== undefined) describeNodes(snapshot.nodes, gauge);
  if (snapshot.freeSlots !== undefined) gauge(metrics.freeSlots).set(snapshot.freeSlots);
  return `${await registry.metrics()}`;
}

function describeNodes(nodes: NonNullable<Snapshot['nodes']>, gauge: (metric: Shape) => Gauge): void {
  const state = gauge(metrics.nodeState);
  const cpuLoad = gauge(metrics.nodeCpuLoad);
  const bytes = gauge(metrics.nodeBytes);
  const rooms = gauge(metrics.nodeRooms);
  const participants = gauge(metrics.nodeParticipants);
  const slots = gauge(metrics.nodeFreeSlots);
  for (const node of nodes) {
    const node_id = node.nodeId;
    for (const name of nodeStates) state.set({ node_id, state: name }, node.state === name ? 1 : 0);
    slots.set({ node_id }, node.freeSlots);
    // What a lost node said last is no measurement any more.
    if (node.state === 'lost') continue;
    cpuLoad.set({ node_id }, node.cpuLoadRatio);
    bytes.set({ node_id, direction: 'in' }, node.bytesInPerSecond);
    bytes.set({ node_id, direction: 'out' }, node.bytesOutPerSecond);
    rooms.set({ node_id }, node.rooms);
    participants.set({ node_id }, node.participants);
  }
}

interface Shape {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

function shape(metric: Shape, registry: Registry) {
  return { name: metric.name, help: metric.help, labelNames: [...metric.labels], registers: [registry] };
}
