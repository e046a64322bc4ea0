import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Chat } from '../ports.ts';
import type { ThreadStore } from './store.ts';
import type { IncidentView } from './view.ts';

/** How fast messages go out; milliseconds. */
export interface Pace {
  /** Between two messages to one channel. */
  readonly messageIntervalMs: number;
  /** Between two edits of one parent message, unless a person clicked or the state changed. */
  readonly editIntervalMs: number;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly maxInFlight: number;
  readonly maxEntries: number;
  /** Replies to one thread before another has its turn. */
  readonly repliesPerVisit: number;
  /** More entries of one kind than this in a backlog are told in one reply. */
  readonly noisyAfter: number;
  readonly backoffMaxMs: number;
}

/** Slack's limits, and what people bear to read. */
export const usualPace: Pace = {
  messageIntervalMs: 1_000,
  editIntervalMs: 10_000,
  leaseMs: 120_000,
  pollMs: 500,
  maxInFlight: 10,
  maxEntries: 2_000,
  repliesPerVisit: 5,
  noisyAfter: 5,
  backoffMaxMs: 30_000,
};

/** What became of one message or visit; a metric label. */
export type TellOutcome =
  | 'posted'
  | 'edited'
  | 'replied'
  | 'uploaded'
  | 'throttled'
  | 'failed'
  | 'rejected'
  | 'lease-lost';

/** What the delivery works with. */
export interface DeliveryDeps {
  readonly store: ThreadStore;
  readonly chat: Chat;
  readonly channel: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace?: Partial<Pace>;
  readonly onOutcome?: (outcome: TellOutcome) => void;
  /** The signal's graph for a new thread; undefined when there is none. */
  readonly chart?: (view: IncidentView) => Promise<{ name: string; alt: string; content: Uint8Array } | undefined>;
}
