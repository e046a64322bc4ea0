import { PortError } from '../../kernel/errors.ts';
import { freeSlots } from '../../model/capacity.ts';
import type { Fleet, FleetSource, SfuNode } from '../../responders/ports.ts';
import { sfuCores } from './physics.ts';
import { participantsOn, statsFresh } from './processes.ts';
import type { Rim } from './rim.ts';
import type { Sfu, SimState } from './state.ts';

/** Where every meeting of the simulated platform is, as RoomService and Redis would tell it. */
export function simulatedFleet(rim: Rim): FleetSource {
  const emptyReadings = new Map<string, number>();
  return {
    async read(): Promise<Fleet> {
      const state = rim.state('livekit');
      if (rim.away.has('redis')) throw new PortError('redis', 'unreachable', 'cannot be reached');
      const nodes = state.sfus.map((sfu): SfuNode => {
        const rooms = roomsOn(state, sfu);
        emptyReadings.set(sfu.nodeId, rooms === 0 ? (emptyReadings.get(sfu.nodeId) ?? 0) + 1 : 0);
        const nodeState = statsFresh(state, sfu) ? sfu.state : 'lost';
        return {
          nodeId: sfu.nodeId,
          pod: sfu.pod,
          state: nodeState,
          cpuLoadRatio: sfu.cpuLoadRatio,
          rooms,
          participants: participantsOn(state, sfu.nodeId),
          freeSlots: freeSlots({ ...sfu, state: nodeState, cpus: sfuCores }),
          emptyReadings: emptyReadings.get(sfu.nodeId) ?? 0,
        };
      });
      return { nodes, rooms: showRooms(state), sources: ['redis', 'roomService'] };
    },
  };
}

function roomsOn(state: SimState, sfu: Sfu): number {
  return state.meetings.filter(
    (meeting) => meeting.nodeId === sfu.nodeId && meeting.participants + meeting.reconnecting > 0,
  ).length;
}

function showRooms(state: SimState): Fleet['rooms'] {
  return state.meetings.flatMap(({ sid, nodeId, participants }) =>
    sid === undefined || nodeId === undefined ? [] : [{ sid, nodeId, participants }],
  );
}
