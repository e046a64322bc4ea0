import { DisconnectReason, LeaveRequest, SignalRequest } from '@livekit/protocol';
import type { FailureReason } from './domain.ts';

/** A stage that failed, and why; the server's own words are left out, since they may hold the token. */
export class StageFailure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason) {
    super(reason);
    this.name = 'StageFailure';
    this.reason = reason;
  }
}

/** Asks over HTTP whether the server takes the token; throws a StageFailure when it does not, or does not answer. */
export async function validateToken(url: string, token: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${url.replace(/^ws/, 'http')}/rtc/validate`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  }).catch(() => undefined);
  if (response === undefined) throw new StageFailure(signal.aborted ? 'timeout' : 'unreachable');
  await response.body?.cancel();
  if (response.status === 401 || response.status === 403) throw new StageFailure('token-refused');
  if (!response.ok) throw new StageFailure('rejected');
}

/** A signalling connection of its own: when it opened, and when the server said the first thing. */
export interface Signalling {
  readonly opened: Promise<void>;
  readonly answered: Promise<void>;
  close(): void;
}

/** What a client says when it goes by itself: without it LiveKit counts whoever goes after more than 3 s as a join that failed. */
const leave = new SignalRequest({
  message: { case: 'leave', value: new LeaveRequest({ reason: DisconnectReason.CLIENT_INITIATED }) },
}).toBinary();

/** Opens LiveKit's WebSocket by hand: the client library does not say how long it takes. The server counts it as a join that was called off. */
export function openSignalling(url: string, token: string): Signalling {
  const opened = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  // Whoever gave up waiting must not end the process.
  for (const { promise } of [opened, answered]) promise.catch(() => undefined);
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/rtc?protocol=15&sdk=js&version=2.0.0`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const broke = () => {
    opened.reject(new StageFailure('broken'));
    answered.reject(new StageFailure('broken'));
  };
  socket.addEventListener('open', () => opened.resolve());
  socket.addEventListener('message', () => answered.resolve());
  socket.addEventListener('error', broke);
  socket.addEventListener('close', broke);
  return {
    opened: opened.promise,
    answered: answered.promise,
    close() {
      if (socket.readyState === WebSocket.OPEN) socket.send(leave);
      socket.close();
    },
  };
}
