import { AccessToken } from 'livekit-server-sdk';
import { connect, publishMedia, rtc } from '../../exporters/probe/source-media.ts';

export { closeRtc as closeParticipants } from '../../exporters/probe/source-media.ts';

/** How somebody joins. */
export interface JoinOptions {
  /** Any node of the cluster: LiveKit relays the signalling to the one that holds the room. */
  readonly wsUrl: string;
  readonly key: { readonly name: string; readonly secret: string };
  readonly room: string;
  readonly identity: string;
  /** Publish a small audio and a small video track. */
  readonly publish?: boolean;
}

/** A fake participant in a real meeting. */
export interface Guest {
  readonly identity: string;
  connected(): boolean;
  /** How often they were thrown out, or gave up. */
  disconnects(): number;
  /** Whether a server that shut down threw them out. */
  cutOff(): boolean;
  /** How often signalling was taken up again, as when the node that merely relayed it has gone; media go on meanwhile. */
  resumes(): number;
  leave(): Promise<void>;
}

/** Joins a meeting over real WebRTC; resolves when connected and, if asked for, published. */
export async function join(options: JoinOptions): Promise<Guest> {
  const { DisconnectReason, Room, RoomEvent } = await rtc();
  const token = new AccessToken(options.key.name, options.key.secret, { identity: options.identity, ttl: '1h' });
  token.addGrant({ roomJoin: true, room: options.room, canPublish: true, canSubscribe: true });
  const room = new Room();
  let disconnects = 0;
  let resumes = 0;
  let leaving = false;
  let cutOff = false;
  room.on(RoomEvent.Disconnected, (reason) => {
    if (!leaving) disconnects += 1;
    if (reason === DisconnectReason.SERVER_SHUTDOWN) cutOff = true;
  });
  room.on(RoomEvent.Reconnected, () => {
    resumes += 1;
  });
  await connect(room, { url: options.wsUrl, token: await token.toJwt(), subscribe: true, withinMs: 30_000 });
  const media = options.publish === true ? await publishMedia(room) : undefined;
  return {
    identity: options.identity,
    connected: () => room.isConnected,
    disconnects: () => disconnects,
    cutOff: () => cutOff,
    resumes: () => resumes,
    async leave() {
      if (leaving) return;
      leaving = true;
      await media?.stop();
      await room.disconnect();
    },
  };
}
