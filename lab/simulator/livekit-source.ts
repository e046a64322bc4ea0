import type { LiveKitSource, NodeReading, Participant } from '../../exporters/livekit/domain.ts';
import { PortError } from '../../kernel/errors.ts';
import { wallMs } from '../time.ts';
import { sfuCores } from './physics.ts';
import { statsFresh } from './processes.ts';
import type { Rim } from './rim.ts';
import type { Meeting, SimState } from './state.ts';

const endpoint = 'livekit.lab:7880';

/** RoomService and Redis of the simulated platform, ghosts of dead nodes included: a lost node keeps its rooms in both until they are placed anew. */
export function simulatedLiveKit(rim: Rim): LiveKitSource {
  return {
    async listRooms() {
      return withRoom(rim.state('livekit')).map((meeting) => ({
        sid: meeting.sid,
        name: meeting.name,
        participants: meeting.participants + meeting.reconnecting,
        publishers: Math.min(meeting.participants, meeting.tiles),
        createdAtMs: wallMs(rim.time, meeting.createdAtSeconds),
        endpoint,
      }));
    },
    async listParticipants({ name }) {
      const meeting = rim.state('livekit').meetings.find((candidate) => candidate.name === name);
      if (meeting?.sid === undefined) throw new PortError('livekit', 'not-found', 'the room does not exist');
      const { sid, participants, tiles } = meeting;
      return Array.from(
        { length: participants },
        (_, index): Participant => ({
          sid: `PA_${sid.slice(3)}${index}`,
          state: 'active',
          kind: 'standard',
          publisher: index < tiles,
          hidden: false,
        }),
      );
    },
    async readNodes() {
      const state = rim.state('redis');
      return state.sfus.map(
        (sfu): NodeReading => ({
          nodeId: sfu.nodeId,
          state: statsFresh(state, sfu) ? sfu.state : 'lost',
          cpus: sfuCores,
          cpuLoadRatio: sfu.cpuLoadRatio,
          bytesInPerSecond: sfu.bytesInPerSecond,
          bytesOutPerSecond: sfu.bytesOutPerSecond,
          ownRooms: state.meetings.filter((meeting) => meeting.nodeId === sfu.nodeId).length,
          startedAtMs: wallMs(rim.time, sfu.startedAtSeconds),
          ageSeconds: Math.max(0, (state.seconds - sfu.statsUpdatedAtSeconds) / rim.time.factor),
        }),
      );
    },
    async readRoomNodeMap() {
      return new Map(withRoom(rim.state('redis')).map((meeting) => [meeting.name, meeting.nodeId]));
    },
    async close() {},
  };
}

function withRoom(state: SimState): (Meeting & { sid: string; nodeId: string })[] {
  return state.meetings.filter(
    (meeting): meeting is Meeting & { sid: string; nodeId: string } =>
      meeting.sid !== undefined && meeting.nodeId !== undefined,
  );
}
