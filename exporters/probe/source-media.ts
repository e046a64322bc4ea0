import { setTimeout as delay } from 'node:timers/promises';
import type { Room } from '@livekit/rtc-node';

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
