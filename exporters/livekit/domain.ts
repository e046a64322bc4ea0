/** A room as RoomService lists it. The name joins it to the room map and is never exported. */
export interface Room {
  readonly sid: string;
  readonly name: string;
  /** Without agents and recorders. LiveKit updates it up to 5 s late: 0 was seen while four people were inside (v1.13.5), so listParticipants decides what must be right. */
  readonly participants: number;
  readonly publishers: number;
  readonly createdAtMs: number;
  /** Host and port of the endpoint that showed it: where its participants can be listed. */
  readonly endpoint: string;
}

export const participantStates = ['joining', 'joined', 'active', 'disconnected'] as const;
export type ParticipantState = (typeof participantStates)[number];

export const participantKinds = ['standard', 'ingress', 'egress', 'sip', 'agent', 'connector', 'bridge'] as const;
export type ParticipantKind = (typeof participantKinds)[number];

/** A participant without anything that names a person. */
export interface Participant {
  readonly sid: string;
  readonly state: ParticipantState;
  readonly kind: ParticipantKind;
  readonly publisher: boolean;
  /** Hidden participants are not counted anywhere. */
  readonly hidden: boolean;
}

export const nodeStates = ['starting', 'serving', 'draining', 'lost'] as const;
export type NodeState = (typeof nodeStates)[number];

/** A LiveKit node as it reports itself in Redis every 2 s; `lost` is one that has not for 5 s. */
export interface NodeReading {
  readonly nodeId: string;
  readonly state: NodeState;
  readonly cpus: number;
  /** 0 to 1. */
  readonly cpuLoadRatio: number;
  readonly bytesInPerSecond: number;
  readonly bytesOutPerSecond: number;
  /** Rooms the process itself holds, whatever the room map says. */
  readonly ownRooms: number;
  readonly startedAtMs: number;
  /** Time since its last report, on the clock of Redis. */
  readonly ageSeconds: number;
}

/** How a recording ended: LiveKit's word, or `called_off` when it was told to stop before it began. */
export const recordingResults = ['complete', 'limit_reached', 'failed', 'aborted', 'called_off'] as const;
export type RecordingResult = (typeof recordingResults)[number];

/** A webhook that was signed by our LiveKit, reduced to what is counted. */
export interface LiveKitEvent {
  readonly id: string;
  readonly event: string;
  readonly createdAtMs: number;
  readonly room: { readonly sid: string; readonly name: string } | undefined;
  readonly participant: { readonly sid: string; readonly kind: ParticipantKind; readonly hidden: boolean } | undefined;
  /** LiveKit's DisconnectReason in small letters, such as `client_initiated`; of participant_left only. */
  readonly disconnectReason: string | undefined;
  /** Of egress_ended only. */
  readonly recording: RecordingResult | undefined;
}

/** What can be read from LiveKit: its RoomService and the hashes it keeps in Redis. Every read is bounded in time and throws a PortError. */
export interface LiveKitSource {
  /** Every room of every endpoint, each once by its sid. */
  listRooms(): Promise<readonly Room[]>;
  listParticipants(room: Pick<Room, 'name' | 'endpoint'>): Promise<readonly Participant[]>;
  /** Throws `unsupported` when no Redis is configured, `not-found` when it knows no node. */
  readNodes(): Promise<readonly NodeReading[]>;
  /** Room name to node id. */
  readRoomNodeMap(): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}
