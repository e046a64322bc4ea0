import { RoomConfiguration } from '@livekit/protocol';
import type { Room } from '@livekit/rtc-node';
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import type { Clock } from '../../kernel/clock.ts';
import {
  type FailureReason,
  longestMs,
  type ProbeStage,
  probeRoom,
  type Quality,
  type Trial,
  type TryMeeting,
} from './domain.ts';
import { qualityOf } from './quality.ts';
import { connect, mediaArrive, publishMedia, rtc } from './source-media.ts';
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

const askAgainMs = 500;

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
      const withinMs = options.stageTimeoutMs;
      await timed('join', () => connect(sender, { url, token: tokens.sender, subscribe: false, withinMs }));
      await timed('join', () => connect(receiver, { url, token: tokens.receiver, subscribe: true, withinMs }));
      await timed('media', async () => {
        const arrival = mediaArrive(receiver, await rtc());
        const media = await publishMedia(sender);
        ends.unshift(() => media.stop());
        await arrival;
      });
      await options.clock.sleep(options.mediaMs);
      if (!sender.isConnected || !receiver.isConnected) throw new StageFailure('broken');
      const quality = await measured(sender, receiver, options);
      return { outcome: 'success', seconds, quality } satisfies Trial;
    } catch (error) {
      const reason = error instanceof StageFailure ? error.reason : reasonOf(error);
      return { outcome: 'failure', seconds, stage, reason } satisfies Trial;
    } finally {
      const left = Promise.allSettled(ends.map(async (end) => end()));
      const waiting = new AbortController();
      await Promise.race([left, options.clock.sleep(leaveWithinMs, waiting.signal)]);
      waiting.abort();
    }
  };
}

/** The library has budgets of its own, such as 15 s for the media's way: what ends by them was late, not broken. */
function reasonOf(error: unknown): FailureReason {
  return error instanceof Error && /time[d ]?-? ?out/i.test(error.message) ? 'timeout' : 'broken';
}

/** Two tracks, each seen from both ends, and a round trip each way. */
const wholeQuality = { tracks: 4, roundTrips: 2 };

/** Asks until the reports of both ends are in, at most as long as a stage may take: a busy machine's come late, and what is still missing then is not known. */
async function measured(sender: Room, receiver: Room, options: MeetingOptions): Promise<Quality> {
  const deadlineMs = options.clock.now() + options.stageTimeoutMs;
  for (;;) {
    let quality: Quality = { tracks: [], roundTrips: [] };
    await withDeadline(async () => {
      quality = qualityOf(await sender.getRtcStats(), await receiver.getRtcStats());
    }, options);
    const whole = quality.tracks.length >= wholeQuality.tracks && quality.roundTrips.length >= wholeQuality.roundTrips;
    if (whole || options.clock.now() >= deadlineMs) return quality;
    await options.clock.sleep(askAgainMs);
  }
}

async function guest(): Promise<Room> {
  const { Room } = await rtc();
  return new Room();
}

/** Each may do one thing in one room for a short time. */
async function tokensOf(options: MeetingOptions): Promise<Record<'signal' | 'sender' | 'receiver', string>> {
  const ttl = Math.ceil(longestMs(options) / 1_000);
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
