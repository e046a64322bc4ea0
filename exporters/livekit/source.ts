import { AccessToken, type EgressInfo, EgressStatus, type VideoGrant, WebhookReceiver } from 'livekit-server-sdk';
import { createClient, RESP_TYPES } from 'redis';
import { errorText, PortError, portErrorFromStatus } from '../../kernel/errors.ts';
import type { LiveKitEvent, LiveKitSource, NodeReading, Participant, RecordingResult, Room } from './domain.ts';
import { decodeNode } from './node-record.ts';
import { decodeParticipants, decodeRooms, encodeRoomName, participantKind } from './room-record.ts';

export type { LiveKitEvent, LiveKitSource } from './domain.ts';

/** How LiveKit is reached. */
export interface LiveKitSourceOptions {
  /** One endpoint, or several separated by commas where nodes may not share a Redis. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** LiveKit's own Redis or Valkey, only read. */
  readonly redisUrl?: string | undefined;
  /** For each single read. */
  readonly timeoutMs?: number;
}

/** The live source. It connects when it is first asked; close() ends its connections. */
export function createLiveKitSource(options: LiveKitSourceOptions): LiveKitSource {
  const timeoutMs = options.timeoutMs ?? 5_000;
  const endpoints = options.url.split(',').map((part) => roomService(part.trim(), options, timeoutMs));
  const redis = options.redisUrl === undefined ? undefined : redisReader(options.redisUrl, timeoutMs);
  const noRedis = () => new PortError('redis', 'unsupported', 'no REDIS_URL is set');
  return {
    listRooms: () => listEverywhere(endpoints),
    async listParticipants(room) {
      const endpoint = endpoints.find(({ host }) => host === room.endpoint) ?? endpoints[0];
      return endpoint === undefined ? [] : endpoint.participants(room.name);
    },
    async readNodes() {
      if (redis === undefined) throw noRedis();
      return redis.nodes();
    },
    async readRoomNodeMap() {
      if (redis === undefined) throw noRedis();
      return redis.roomNodeMap();
    },
    async close() {
      redis?.close();
    },
  };
}

interface Endpoint {
  readonly host: string;
  /** Room ids that no other endpoint showed when it last answered: islands, whose silence must not read as empty rooms. */
  alone: number;
  rooms(): Promise<readonly Room[]>;
  participants(roomName: string): Promise<readonly Participant[]>;
}

function roomService(url: string, keys: { apiKey: string; apiSecret: string }, timeoutMs: number): Endpoint {
  const { host } = new URL(url);
  const base = url.replace(/^ws/, 'http').replace(/\/$/, '');
  const call = async (method: string, grant: VideoGrant, body: Uint8Array<ArrayBuffer>) => {
    const token = new AccessToken(keys.apiKey, keys.apiSecret, { ttl: 60 });
    token.addGrant(grant);
    return post(`livekit ${host}`, `${base}/twirp/livekit.RoomService/${method}`, await token.toJwt(), body, timeoutMs);
  };
  return {
    host,
    alone: 0,
    rooms: async () =>
      decodeAnswer(
        host,
        () => call('ListRooms', { roomList: true }, new Uint8Array()),
        (bytes) => decodeRooms(bytes, host),
      ),
    participants: async (room) =>
      decodeAnswer(
        host,
        () => call('ListParticipants', { roomAdmin: true, room }, Uint8Array.from(encodeRoomName(room))),
        decodeParticipants,
      ),
  };
}

/** One Twirp call with protobuf both ways. The server's own words are left out of errors: for a wrong key it repeats the whole token. */
async function post(
  peer: string,
  url: string,
  token: string,
  body: Uint8Array<ArrayBuffer>,
  timeoutMs: number,
): Promise<Uint8Array> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/protobuf' },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = new Uint8Array(await response.arrayBuffer());
    if (!response.ok) throw portErrorFromStatus(peer, response.status, `HTTP ${response.status}`);
    return answer;
  } catch (error) {
    if (error instanceof PortError) throw error;
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    throw new PortError(
      peer,
      timedOut ? 'timeout' : 'unreachable',
      timedOut ? 'no answer in time' : 'cannot be reached',
    );
  }
}

async function decodeAnswer<T>(
  host: string,
  read: () => Promise<Uint8Array>,
  decode: (bytes: Uint8Array) => T,
): Promise<T> {
  const bytes = await read();
  try {
    return decode(bytes);
  } catch {
    throw new PortError(`livekit ${host}`, 'invalid', 'unexpected answer');
  }
}

/** Endpoints that share a Redis show the same rooms; one of those may be away. One that has rooms of its own may not: counts would fall without cause. */
async function listEverywhere(endpoints: readonly Endpoint[]): Promise<readonly Room[]> {
  const answers = await Promise.allSettled(endpoints.map((endpoint) => endpoint.rooms()));
  const failed = answers
    .map((answer, index) => ({ answer, endpoint: endpoints[index] }))
    .filter(({ answer }) => answer.status === 'rejected');
  const fatal =
    failed.length === endpoints.length ? failed[0] : failed.find(({ endpoint }) => (endpoint?.alone ?? 0) > 0);
  if (fatal?.answer.status === 'rejected') throw fatal.answer.reason;
  const shownBy = new Map<string, number>();
  const bySid = new Map<string, Room>();
  for (const answer of answers) {
    if (answer.status === 'rejected') continue;
    for (const room of answer.value) {
      shownBy.set(room.sid, (shownBy.get(room.sid) ?? 0) + 1);
      if (!bySid.has(room.sid)) bySid.set(room.sid, room);
    }
  }
  if (failed.length > 0) return [...bySid.values()];
  answers.forEach((answer, index) => {
    const endpoint = endpoints[index];
    if (endpoint !== undefined && answer.status === 'fulfilled')
      endpoint.alone = answer.value.filter((room) => shownBy.get(room.sid) === 1).length;
  });
  return [...bySid.values()];
}

function redisReader(url: string, timeoutMs: number) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: 5_000,
    socket: {
      connectTimeout: timeoutMs,
      socketTimeout: 20_000,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 2_000),
    },
  });
  const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  // Without a listener a lost connection would end the process; each read reports it.
  client.on('error', () => undefined);

  async function read<T>(command: () => Promise<T>): Promise<T> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new PortError('redis', 'timeout', 'no answer in time')), timeoutMs);
    try {
      if (!client.isOpen) client.connect().catch(() => undefined);
      return await Promise.race([client.isReady ? command() : ready().then(command), late]);
    } catch (error) {
      if (error instanceof PortError) throw error;
      throw new PortError(
        'redis',
        /^(NOAUTH|WRONGPASS|NOPERM)/.test(errorText(error)) ? 'unauthorized' : 'unreachable',
        'cannot be read',
      );
    } finally {
      clearTimeout(timer);
    }
  }

  function ready(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    client.once('ready', resolve).once('error', reject);
    return promise.finally(() => client.off('ready', resolve).off('error', reject));
  }

  return {
    async nodes(): Promise<readonly NodeReading[]> {
      const [entries, time] = await read(() =>
        Promise.all([binary.hGetAll('nodes'), client.sendCommand<string[]>(['TIME'])]),
      );
      const nowMs = Number(time[0]) * 1_000 + Number(time[1]) / 1_000;
      const nodes = Object.values(entries).flatMap((bytes) => decoded(bytes, nowMs));
      if (nodes.length === 0)
        throw new PortError('redis', 'not-found', 'no LiveKit node is registered: another Redis or database?');
      return nodes;
    },
    async roomNodeMap(): Promise<ReadonlyMap<string, string>> {
      return new Map(Object.entries(await read(() => client.hGetAll('room_node_map'))));
    },
    close() {
      if (client.isOpen) client.destroy();
    },
  };
}

/** One entry that does not decode must not hide the fleet. */
function decoded(bytes: Buffer, nowMs: number): NodeReading[] {
  try {
    return [decodeNode(bytes, nowMs)];
  } catch {
    return [];
  }
}

// livekit.DisconnectReason by number, livekit_models.proto of server v1.13.5.
const disconnectReasons = [
  'unknown_reason',
  'client_initiated',
  'duplicate_identity',
  'server_shutdown',
  'participant_removed',
  'room_deleted',
  'state_mismatch',
  'join_failure',
  'migration',
  'signal_close',
  'room_closed',
  'user_unavailable',
  'user_rejected',
  'sip_trunk_failure',
  'connection_timeout',
  'media_failure',
  'agent_error',
] as const;

// MsgStoppedBeforeStarted of livekit/protocol: somebody changed their mind. Any other abort left a host without a recording.
const stoppedBeforeStarted = 'Stop called before pipeline could start';

/** A status that a later LiveKit may add is no good end until we know it. */
function recordingResult({ status, error }: Pick<EgressInfo, 'status' | 'error'>): RecordingResult {
  if (status === EgressStatus.EGRESS_COMPLETE) return 'complete';
  if (status === EgressStatus.EGRESS_LIMIT_REACHED) return 'limit_reached';
  if (status !== EgressStatus.EGRESS_ABORTED) return 'failed';
  return error === stoppedBeforeStarted ? 'called_off' : 'aborted';
}

/** Checks a webhook's signature over its raw body and reduces it to what is counted; undefined when it is not from our LiveKit, or no event. */
export type WebhookVerifier = (body: string, authorization: string) => Promise<LiveKitEvent | undefined>;

/** The verifier for one key. LiveKit signs with `webhook.api_key`, which must be the same. */
export function createWebhookVerifier(keys: { apiKey: string; apiSecret: string }): WebhookVerifier {
  const receiver = new WebhookReceiver(keys.apiKey, keys.apiSecret);
  return async (body, authorization) => {
    const event = await receiver.receive(body, authorization).catch(() => undefined);
    if (event === undefined || event.id === '') return undefined;
    const { room, participant, egressInfo } = event;
    return {
      id: event.id,
      event: event.event,
      createdAtMs: Number(event.createdAt) * 1_000,
      room: room === undefined ? undefined : { sid: room.sid, name: room.name },
      participant:
        participant === undefined
          ? undefined
          : {
              sid: participant.sid,
              kind: participantKind(participant.kind),
              hidden: participant.permission?.hidden ?? false,
            },
      disconnectReason:
        participant === undefined ? undefined : (disconnectReasons[participant.disconnectReason] ?? 'unknown_reason'),
      recording: event.event !== 'egress_ended' || egressInfo === undefined ? undefined : recordingResult(egressInfo),
    };
  };
}
