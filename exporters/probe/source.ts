import { RoomConfiguration } from '@livekit/protocol';
import type { RemoteTrack, Room } from '@livekit/rtc-node';
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import type { Clock } from '../../kernel/clock.ts';
import { type ProbeStage, probeRoom, type Trial, type TryMeeting } from './domain.ts';
import { qualityOf } from './quality.ts';
import { publishMedia, rtc } from './source-media.ts';
import { openSignalling, StageFailure, validateToken } from './source-signal.ts';

/** Where and how the probe meets. */
export interface MeetingOptions {
  /** As people reach it: ws(s) or http(s), without a path. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Longest that one stage may take. */
  readonly stageTimeoutMs: number;
  /** How long media flow before they are judged: WebRTC reports about once a second. */
  readonly mediaMs: number;
  readonly clock: Clock;
  /** Told when each stage begins. */
  readonly onStage?: (stage: ProbeStage) => void;
}

/** Longest that leaving may take; the server forgets whoever went without a word. */
const leaveWithinMs = 3_000;

/** A trial meeting of two over real WebRTC: one publishes, the other subscribes. */
export function createMeetingTrial(options: MeetingOptions): TryMeeting {
  const url = options.url.replace(/\/+$/, '').replace(/^http/, 'ws');
  return async () => {
    const seconds: Partial<Record<ProbeStage, number>> = {};
    let stage: ProbeStage = 'validate';
    const timed = async (name: ProbeStage, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> => {
      stage = name;
      options.onStage?.(name);
      const startedMs = performance.now();
      await withDeadline(work, options);
      seconds[name] = Math.max(seconds[name] ?? 0, (performance.now() - startedMs) / 1_000);
    };
    const ends: (() => Promise<void> | void)[] = [];
    try {
      const tokens = await tokensOf(options);
      await timed('validate', (signal) => validateToken(url, tokens.signal, signal));
      const signalling = openSignalling(url, tokens.signal);
      try {
        await timed('websocket', () => signalling.opened);
        await timed('signal', () => signalling.answered);
      } finally {
        // At once: one that stays without ever connecting media would count as a failed join.
        signalling.close();
      }
      const [sender, receiver] = [await guest(), await guest()];
      ends.push(
        () => receiver.disconnect(),
        () => sender.disconnect(),
      );
      await timed('join', () => sender.connect(url, tokens.sender, { autoSubscribe: false, dynacast: false }));
      await timed('join', () => receiver.connect(url, tokens.receiver, { autoSubscribe: true, dynacast: false }));
      await timed('media', async () => {
        const arrival = mediaArrive(receiver, await rtc());
        const media = await publishMedia(sender);
        ends.unshift(() => media.stop());
        await arrival;
      });
      await options.clock.sleep(options.mediaMs);
      if (!sender.isConnected || !receiver.isConnected) throw new StageFailure('broken');
      const quality = qualityOf(await sender.getRtcStats(), await receiver.getRtcStats());
      return { outcome: 'success', seconds, quality } satisfies Trial;
    } catch (error) {
      const reason = error instanceof StageFailure ? error.reason : 'broken';
      return { outcome: 'failure', seconds, stage, reason } satisfies Trial;
    } finally {
      const left = Promise.allSettled(ends.map(async (end) => end()));
      const waiting = new AbortController();
      await Promise.race([left, options.clock.sleep(leaveWithinMs, waiting.signal)]);
      waiting.abort();
    }
  };
}

async function guest(): Promise<Room> {
  const { Room } = await rtc();
  return new Room();
}

/** Resolves when the receiver has both a sound and a picture in hand. */
function mediaArrive(receiver: Room, library: Awaited<ReturnType<typeof rtc>>): Promise<void> {
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

/** Each may do one thing in one room for a short time. */
async function tokensOf(options: MeetingOptions): Promise<Record<'signal' | 'sender' | 'receiver', string>> {
  const ttl = Math.ceil((6 * options.stageTimeoutMs + options.mediaMs) / 1_000);
  const token = async (identity: string, grant: VideoGrant) => {
    const access = new AccessToken(options.apiKey, options.apiSecret, { identity: `probe-${identity}`, ttl });
    access.addGrant({ roomJoin: true, room: probeRoom, canPublishData: false, ...grant });
    // An idle room would pin its node: scale-in takes only empty ones.
    access.roomConfig = new RoomConfiguration({ emptyTimeout: 10, departureTimeout: 1 });
    return access.toJwt();
  };
  return {
    signal: await token('signal', { canPublish: false, canSubscribe: false }),
    sender: await token('sender', { canPublish: true, canSubscribe: false }),
    receiver: await token('receiver', { canPublish: false, canSubscribe: true }),
  };
}

async function withDeadline(
  work: (signal: AbortSignal) => Promise<unknown>,
  { stageTimeoutMs, clock }: MeetingOptions,
): Promise<void> {
  const late = new AbortController();
  const done = new AbortController();
  const working = work(late.signal);
  // What is given up may still fail later.
  working.catch(() => undefined);
  const deadline = clock.sleep(stageTimeoutMs, done.signal).then(() => {
    if (done.signal.aborted) return;
    late.abort();
    throw new StageFailure('timeout');
  });
  try {
    await Promise.race([working, deadline]);
  } finally {
    done.abort();
  }
}
