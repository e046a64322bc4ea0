import { livingRooms } from '../../../exporters/livekit/collect.ts';
import type { NodeReading, Room } from '../../../exporters/livekit/domain.ts';
import { freeSlots } from '../../../model/capacity.ts';
import type { Fleet, SfuNode } from '../../ports.ts';

/** What was read of the fleet in one go; `rooms` is undefined when RoomService did not answer, `pods` holds the pod of each node id. */
export interface FleetReadings {
  readonly nodes: readonly NodeReading[];
  readonly roomNodeMap: ReadonlyMap<string, string>;
  readonly rooms: readonly Room[] | undefined;
  readonly pods: ReadonlyMap<string, string>;
  /** Names of pods that are being deleted. */
  readonly leavingPods: ReadonlySet<string>;
  readonly prometheus: boolean;
}

const forgottenAfterSeconds = 3_600;

/** The fleet of one moment; `emptyReadings` is what the readings before this one counted, by node id. */
export function fleetOf(readings: FleetReadings, emptyReadings: ReadonlyMap<string, number>): Fleet {
  const { roomNodeMap, pods, leavingPods } = readings;
  const rooms = livingRooms({ ...readings, rooms: readings.rooms ?? [] });
  const placed = rooms.flatMap(({ name, sid, participants }) => {
    const nodeId = roomNodeMap.get(name);
    return nodeId === undefined ? [] : [{ sid, nodeId, participants }];
  });
  // LiveKit clears the entry of a dead node only when another starts.
  const current = readings.nodes.filter(
    ({ state, ageSeconds }) => state !== 'lost' || ageSeconds < forgottenAfterSeconds,
  );
  const nodes = current.map((node): SfuNode => {
    const pod = pods.get(node.nodeId);
    // A draining node has Redis say so within 2 s; a pod that is being deleted says so at once.
    const leaving = pod !== undefined && leavingPods.has(pod) && node.state !== 'lost';
    const state = leaving ? 'draining' : node.state;
    const inUse = placed.filter(({ nodeId, participants }) => nodeId === node.nodeId && participants > 0);
    const mapped = [...roomNodeMap.values()].filter((nodeId) => nodeId === node.nodeId).length;
    return {
      nodeId: node.nodeId,
      pod,
      state,
      cpuLoadRatio: node.cpuLoadRatio,
      // Without RoomService nobody knows which rooms are in use: all that Redis knows of count.
      rooms: readings.rooms === undefined ? Math.max(mapped, node.ownRooms) : inUse.length,
      participants: inUse.reduce((total, { participants }) => total + participants, 0),
      freeSlots: freeSlots({
        state,
        cpus: node.cpus,
        cpuLoadRatio: node.cpuLoadRatio,
        bytesOutPerSecond: node.bytesOutPerSecond,
      }),
      emptyReadings: isEmpty(node, readings) ? (emptyReadings.get(node.nodeId) ?? 0) : 0,
    };
  });
  return {
    nodes,
    rooms: placed,
    sources: [
      'redis',
      ...(readings.rooms === undefined ? [] : (['roomService'] as const)),
      ...(readings.prometheus ? (['prometheus'] as const) : []),
    ],
  };
}

/** Whether Redis and RoomService agree that a node holds no room at all. A room without people may get some; one that no map places may be anywhere. */
export function isEmpty(
  node: NodeReading,
  { rooms, roomNodeMap }: Pick<FleetReadings, 'rooms' | 'roomNodeMap'>,
): boolean {
  if (rooms === undefined || node.state === 'lost' || node.ownRooms > 0) return false;
  if ([...roomNodeMap.values()].includes(node.nodeId)) return false;
  return rooms.every(({ name }) => roomNodeMap.has(name));
}
