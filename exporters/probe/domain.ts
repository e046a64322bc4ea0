/** How far a trial meeting comes, in this order. */
export const probeStages = ['validate', 'websocket', 'signal', 'join', 'media'] as const;
export type ProbeStage = (typeof probeStages)[number];

/** Why a stage failed: the same word in metric and log. */
export const failureReasons = [
  /** Nothing answers at the address. */
  'unreachable',
  /** The server does not take our token: wrong key, wrong secret, or a clock that is off. */
  'token-refused',
  /** The server, or what stands before it, answers with another error. */
  'rejected',
  /** The connection was made and broke, or could not be made although the address answers. */
  'broken',
  /** Longer than a stage may take. */
  'timeout',
  /** The trial's own process died or hung: our fault, and no word about LiveKit. */
  'crashed',
] as const;
export type FailureReason = (typeof failureReasons)[number];

export type Direction = 'up' | 'down';
export type MediaKind = 'audio' | 'video';

/** What the media of a trial meeting went through. */
export interface Quality {
  readonly tracks: readonly {
    readonly direction: Direction;
    readonly kind: MediaKind;
    readonly lossRatio: number;
    readonly jitterSeconds: number;
  }[];
  readonly roundTrips: readonly { readonly direction: Direction; readonly seconds: number }[];
}

/** How a trial meeting went; the seconds of a stage are there only if it was passed. */
export type Trial = { readonly seconds: Readonly<Partial<Record<ProbeStage, number>>> } & (
  | { readonly outcome: 'success'; readonly quality: Quality }
  | { readonly outcome: 'failure'; readonly stage: ProbeStage; readonly reason: FailureReason }
);

/** Holds one trial meeting and leaves nothing behind; never rejects. */
export type TryMeeting = () => Promise<Trial>;

/** The room that is the probe's alone; LiveKit makes it with the first to join and takes it away a second after the last has left. */
export const probeRoom = 'gomeet-probe';

/** Longest that a trial may take until people leave: six timed steps (two join), the media's flow, and twice a stage for the last reports. */
export function longestMs({ stageTimeoutMs, mediaMs }: { stageTimeoutMs: number; mediaMs: number }): number {
  return 8 * stageTimeoutMs + mediaMs;
}
