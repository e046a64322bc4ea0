import type { LiveKitSource } from '../../../exporters/livekit/domain.ts';
import { livekitServerMetrics } from '../../../exporters/metrics/livekit-server.ts';
import { type Clock, systemClock } from '../../../kernel/clock.ts';
import { PortError } from '../../../kernel/errors.ts';
import type { Fleet, FleetSource, Metrics, Pod } from '../../ports.ts';
import { type FleetReadings, fleetOf, isEmpty } from './fleet.ts';

/** What the fleet is read from. */
export interface LiveKitFleetOptions {
  readonly source: LiveKitSource;
  /** Knows which pod a node id runs in, by the `pod` label that the scrape puts on. */
  readonly metrics: Metrics;
  /** The pods of the namespace, for those that are being deleted. */
  readonly pods: () => Promise<readonly Pick<Pod, 'name' | 'deletedAtMs'>[]>;
  readonly clock?: Clock;
  /** Two readings nearer than this are one: LiveKit rewrites its figures every 2 s. */
  readonly readingGapMs?: number;
}

/** Which pod a node id runs in: every series of a LiveKit node carries both. */
export const podOfNodeQuery = `group by (node_id, pod) (${livekitServerMetrics.rooms.name})`;

/** The live FleetSource. Redis is indispensable: only it knows the nodes' states and the room map. RoomService and Prometheus may be away; `sources` says so. */
export class LiveKitFleet implements FleetSource {
  private readonly options: LiveKitFleetOptions;
  /** A node id never changes its pod, so that what was once seen holds when Prometheus is away. */
  private podOfNode: ReadonlyMap<string, string> = new Map();
  private empty: ReadonlyMap<string, number> = new Map();
  private countedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: LiveKitFleetOptions) {
    this.options = options;
  }

  /** Throws the PortError of Redis: without it the fleet is not known, which is not the same as empty. */
  async read(): Promise<Fleet> {
    const { source, metrics, pods: readPods } = this.options;
    const [nodes, roomNodeMap, rooms, samples, pods] = await Promise.all([
      source.readNodes(),
      source.readRoomNodeMap(),
      settled(source.listRooms()),
      settled(metrics.query(podOfNodeQuery)),
      settled(readPods()),
    ]);
    const seen = (samples ?? []).flatMap(({ labels }) =>
      labels['node_id'] && labels['pod'] ? [[labels['node_id'], labels['pod']] as const] : [],
    );
    const known = new Map([...this.podOfNode, ...seen]);
    this.podOfNode = new Map(
      nodes.flatMap(({ nodeId }) => (known.has(nodeId) ? [[nodeId, known.get(nodeId) ?? ''] as const] : [])),
    );
    const leavingPods = new Set(
      (pods ?? []).filter(({ deletedAtMs }) => deletedAtMs !== undefined).map(({ name }) => name),
    );
    const readings: FleetReadings = {
      nodes,
      roomNodeMap,
      rooms,
      pods: this.podOfNode,
      leavingPods,
      prometheus: samples !== undefined,
    };
    this.count(readings);
    return fleetOf(readings, this.empty);
  }

  private count(readings: FleetReadings): void {
    const { clock = systemClock, readingGapMs = 2_000 } = this.options;
    const isNew = clock.now() - this.countedAtMs >= readingGapMs;
    if (isNew) this.countedAtMs = clock.now();
    this.empty = new Map(
      readings.nodes.map((node) => {
        const before = this.empty.get(node.nodeId) ?? 0;
        return [node.nodeId, isEmpty(node, readings) ? before + (isNew ? 1 : 0) : 0];
      }),
    );
  }
}

/** The live FleetSource. */
export function createLiveKitFleet(options: LiveKitFleetOptions): LiveKitFleet {
  return new LiveKitFleet(options);
}

async function settled<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    // What is missing shows in `sources`; the exporter counts and tells the failures of the same peers.
    if (error instanceof PortError) return undefined;
    throw error;
  }
}
