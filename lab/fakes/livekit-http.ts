import { once } from 'node:events';
import { createServer } from 'node:http';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { ParticipantInfo, Room } from 'livekit-server-sdk';

/** A RoomService that answers over HTTP, in protobuf as the real one, with as many rooms as asked for, each participant with a microphone and a simulcast camera. */
export interface FakeRoomService {
  readonly url: string;
  readonly roomNames: readonly string[];
  readonly calls: { listRooms: number; listParticipants: number };
  /** Lets one person leave or join in so many rooms. */
  churn(many: number): void;
  close(): Promise<void>;
}

/** Starts it on a free port; a token is not asked for. */
export async function startFakeRoomService(sizes: readonly number[]): Promise<FakeRoomService> {
  const people = [...sizes];
  const roomNames = people.map((_, index) => `meeting-${index}`);
  const calls = { listRooms: 0, listParticipants: 0 };
  // Encoded beforehand: whoever measures in this process must not measure us.
  const crowd = Array.from({ length: Math.max(0, ...people) + 2 }, (_, person) =>
    record(ParticipantInfo.fromJson(participantJson(person)).toBinary()),
  );
  const rooms = people.map((count, index) => record(Room.fromJson(roomJson(index, count)).toBinary()));
  let next = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/protobuf');
      if (request.url?.endsWith('/ListRooms')) {
        calls.listRooms += 1;
        response.end(Buffer.concat(rooms));
      } else {
        calls.listParticipants += 1;
        const index = Number(/meeting-(\d+)/.exec(String(Buffer.concat(chunks)))?.[1]);
        response.end(Buffer.concat(crowd.slice(0, people[index] ?? 0)));
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    roomNames,
    calls,
    churn(many) {
      for (let count = 0; count < many; count += 1) {
        const index = next % people.length;
        people[index] = (people[index] ?? 0) + (Math.floor(next / people.length) % 2 === 0 ? -1 : 1);
        rooms[index] = record(Room.fromJson(roomJson(index, people[index] ?? 0)).toBinary());
        next += 1;
      }
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** One element of a repeated field 1. */
function record(bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(1, 2).bytes(bytes).finish();
}

// Shapes as livekit-server 1.13.5 answers.
function roomJson(index: number, participants: number) {
  return {
    sid: `RM_${String(index).padStart(12, 'r')}`,
    name: `meeting-${index}`,
    empty_timeout: 300,
    departure_timeout: 20,
    max_participants: 0,
    creation_time: '1795306568',
    creation_time_ms: '1795306568000',
    turn_password: 'x'.repeat(44),
    enabled_codecs: [
      'audio/opus',
      'audio/red',
      'video/vp8',
      'video/h264',
      'video/vp9',
      'video/av1',
      'video/rtx',
      'video/h265',
    ].map((mime) => ({ mime, fmtp_line: '' })),
    metadata: '',
    num_participants: participants,
    num_publishers: Math.min(participants, 5),
    active_recording: false,
    version: null,
  };
}

function participantJson(person: number) {
  return {
    sid: `PA_${person}`,
    identity: `user-${person}`,
    name: `Person ${person}`,
    state: 'ACTIVE',
    tracks: [trackJson('AUDIO', person), trackJson('VIDEO', person)],
    metadata: '',
    joined_at: '1795306568',
    joined_at_ms: '1795306568000',
    version: 5,
    permission: {
      can_subscribe: true,
      can_publish: true,
      can_publish_data: true,
      can_publish_sources: [],
      hidden: false,
      recorder: false,
      can_update_metadata: false,
      agent: false,
      can_subscribe_metrics: false,
    },
    region: '',
    is_publisher: true,
    kind: 'STANDARD',
    attributes: {},
    disconnect_reason: 'UNKNOWN_REASON',
    kind_details: [],
  };
}

function trackJson(type: 'AUDIO' | 'VIDEO', person: number) {
  const layers = [0, 1, 2].map((layer) => ({
    quality: 'LOW',
    width: 320,
    height: 180,
    bitrate: 150_000,
    ssrc: 12_345 + layer,
    spatial_layer: layer,
    rid: 'q',
  }));
  return {
    sid: `TR_${type}_${person}`,
    type,
    name: type,
    muted: false,
    width: 1_280,
    height: 720,
    simulcast: true,
    source: 'CAMERA',
    layers,
    mime_type: 'video/vp8',
    mid: '1',
    codecs: [{ mime_type: 'video/vp8', mid: '1', cid: 'abcdef', layers }],
    stereo: false,
    disable_red: false,
    encryption: 'NONE',
    stream: 'camera',
    version: { unix_micro: '1795306568000000', ticks: 0 },
    audio_features: [],
    backup_codec_policy: 'PREFER_REGRESSION',
  };
}
