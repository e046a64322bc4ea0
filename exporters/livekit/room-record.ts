import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { type Participant, type ParticipantKind, participantStates, type Room } from './domain.ts';

// Of each record only the fields that are counted are decoded, the rest is skipped unread: no name of a person, no turn_password, no track.
// At 50,000 participants that is what keeps the exporter small; the SDK's JSON took 50 ms for one ListRooms and 500 MB for the sweeps.
// Field numbers: livekit_models.proto and livekit_room.proto of livekit/protocol, which are public and do not change.

/** Reads a ListRoomsResponse; `endpoint` is who sent it. Throws a RangeError for bytes that are none. */
export function decodeRooms(bytes: Uint8Array, endpoint: string): readonly Room[] {
  return decodeRepeated(bytes, (reader, end) => decodeRoom(reader, end, endpoint));
}

/** Reads a ListParticipantsResponse. Throws a RangeError for bytes that are none. */
export function decodeParticipants(bytes: Uint8Array): readonly Participant[] {
  return decodeRepeated(bytes, decodeParticipant);
}

/** A ListParticipantsRequest. */
export function encodeRoomName(room: string): Uint8Array {
  return new BinaryWriter().tag(1, 2).string(room).finish();
}

function decodeRepeated<T>(bytes: Uint8Array, decode: (reader: BinaryReader, end: number) => T): readonly T[] {
  const reader = new BinaryReader(bytes);
  const records: T[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1 && wireType === 2) records.push(decode(reader, reader.uint32() + reader.pos));
    else reader.skip(wireType, field);
  }
  return records;
}

function decodeRoom(reader: BinaryReader, end: number, endpoint: string): Room {
  const room = { sid: '', name: '', participants: 0, publishers: 0, createdAtMs: 0, endpoint };
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1) room.sid = reader.string();
    else if (field === 2) room.name = reader.string();
    else if (field === 5) room.createdAtMs = Number(reader.int64()) * 1_000;
    else if (field === 9) room.participants = reader.uint32();
    else if (field === 11) room.publishers = reader.uint32();
    else reader.skip(wireType, field);
  }
  return room;
}

// livekit.ParticipantInfo.Kind by number; 5 and 6 are not in use.
const kinds: Readonly<Record<number, ParticipantKind>> = {
  0: 'standard',
  1: 'ingress',
  2: 'egress',
  3: 'sip',
  4: 'agent',
  7: 'connector',
  8: 'bridge',
};

/** The kind with that number; one of a later LiveKit counts as standard. */
export function participantKind(number: number): ParticipantKind {
  return kinds[number] ?? 'standard';
}

function decodeParticipant(reader: BinaryReader, end: number): Participant {
  let sid = '';
  let state = 0;
  let kind = 0;
  let publisher = false;
  let hidden = false;
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1) sid = reader.string();
    else if (field === 3) state = reader.int32();
    else if (field === 11) hidden = decodeHidden(reader, reader.uint32() + reader.pos);
    else if (field === 13) publisher = reader.bool();
    else if (field === 14) kind = reader.int32();
    else reader.skip(wireType, field);
  }
  return { sid, state: participantStates[state] ?? 'active', kind: participantKind(kind), publisher, hidden };
}

function decodeHidden(reader: BinaryReader, end: number): boolean {
  let hidden = false;
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 7) hidden = reader.bool();
    else reader.skip(wireType, field);
  }
  return hidden;
}
