import { setTimeout as delay } from 'node:timers/promises';
import type { RemoteTrack, Room } from '@livekit/rtc-node';

/** The WebRTC library, loaded when first needed. It prints debug lines on standard output unless NODE_ENV is `production` while it loads. */
export async function rtc() {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    return await import('@livekit/rtc-node');
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

/** How somebody joins. */
export interface Joining {
  readonly url: string;
  readonly token: string;
  readonly subscribe: boolean;
  /** How long one attempt at signalling may take; the library gives up after 5 s unless told. */
  readonly withinMs: number;
}

/** Joins a room; rejects when the library gives up. */
export async function connect(room: Room, { url, token, subscribe, withinMs }: Joining): Promise<void> {
  const options = {
    autoSubscribe: subscribe,
    dynacast: false,
    connectTimeoutMs: BigInt(withinMs),
    // With one connection for both ways the library (1.1.0) loses tracks that it was told of while it negotiated:
    // the server sends them and nobody ever hears. Seen in one of four meetings over a long line.
    singlePeerConnection: false,
  };
  await room.connect(url, token, options);
}

/** What WebRTC says of one participant's connections. */
export type SessionStats = Awaited<ReturnType<Room['getRtcStats']>>;

/** The library was seen to hang in its own end on a machine that had no time for it. */
const disposeWithinMs = 5_000;

/** Lets go of the WebRTC library, whose threads keep the process from ending; nobody can join after it. */
export async function closeRtc(): Promise<void> {
  const { dispose } = await rtc();
  await Promise.race([dispose(), delay(disposeWithinMs, undefined, { ref: false })]);
}

const sampleRateHz = 48_000;
const frameMs = 20;
const video = { width: 160, height: 120, framesPerSecond: 5 };

/** Publishes a sound and a grey picture, as little as still counts as media. */
export async function publishMedia(room: Room): Promise<{ stop(): Promise<void> }> {
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

/** Resolves when the receiver has both a sound and a picture in hand. */
export function mediaArrive(receiver: Room, library: Awaited<ReturnType<typeof rtc>>): Promise<void> {
  const { AudioStream, RoomEvent, TrackKind, VideoStream } = library;
  const { promise, resolve } = Promise.withResolvers<void>();
  const wanted = new Set([TrackKind.KIND_AUDIO, TrackKind.KIND_VIDEO]);
  receiver.on(RoomEvent.TrackSubscribed, (track: RemoteTrack) => {
    const frames = track.kind === TrackKind.KIND_VIDEO ? new VideoStream(track) : new AudioStream(track);
    const reader = frames.getReader();
    void reader
      .read()
      .then(({ done }) => {
        if (!done && track.kind !== undefined) wanted.delete(track.kind);
        if (wanted.size === 0) resolve();
        return reader.cancel();
      })
      .catch(() => undefined);
  });
  return promise;
}
