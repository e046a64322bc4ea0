import { setTimeout as delay } from 'node:timers/promises';
import type { Room } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';

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
  await room.connect(options.wsUrl, await token.toJwt(), { autoSubscribe: true, dynacast: false });
  const media = options.publish === true ? await publish(room) : undefined;
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

/** The WebRTC library, loaded when first needed. It prints debug lines on standard output unless NODE_ENV is `production` while it loads. */
async function rtc() {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    return await import('@livekit/rtc-node');
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

/** The library was seen to hang in its own end on a machine that had no time for it. */
const disposeWithinMs = 5_000;

/** Lets go of the WebRTC library, whose threads keep the process from ending; nobody can join after it. */
export async function closeParticipants(): Promise<void> {
  const { dispose } = await rtc();
  await Promise.race([dispose(), delay(disposeWithinMs, undefined, { ref: false })]);
}

const sampleRateHz = 48_000;
const frameMs = 20;
const video = { width: 160, height: 120, framesPerSecond: 5 };

/** Publishes silence and a grey picture, as little as still counts as media. */
async function publish(room: Room): Promise<{ stop(): Promise<void> }> {
  const {
    AudioFrame,
    AudioSource,
    LocalAudioTrack,
    LocalVideoTrack,
    TrackPublishOptions,
    TrackSource,
    VideoBufferType,
    VideoFrame,
    VideoSource,
  } = await rtc();
  const audio = new AudioSource(sampleRateHz, 1);
  const picture = new VideoSource(video.width, video.height);
  const { localParticipant } = room;
  if (localParticipant === undefined) throw new Error('not connected');
  await localParticipant.publishTrack(
    LocalAudioTrack.createAudioTrack('microphone', audio),
    new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
  );
  await localParticipant.publishTrack(
    LocalVideoTrack.createVideoTrack('camera', picture),
    new TrackPublishOptions({ source: TrackSource.SOURCE_CAMERA, simulcast: false }),
  );
  const samples = (sampleRateHz * frameMs) / 1_000;
  const silence = new AudioFrame(new Int16Array(samples), sampleRateHz, 1, samples);
  const grey = new Uint8Array((video.width * video.height * 3) / 2).fill(128);
  const frame = new VideoFrame(grey, video.width, video.height, VideoBufferType.I420);
  const sendAudio = setInterval(() => void audio.captureFrame(silence).catch(() => undefined), frameMs);
  const sendVideo = setInterval(() => picture.captureFrame(frame), 1_000 / video.framesPerSecond);
  return {
    async stop() {
      clearInterval(sendAudio);
      clearInterval(sendVideo);
      await Promise.all([audio.close(), picture.close()]);
    },
  };
}
