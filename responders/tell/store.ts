import type { JournalEntry } from '../records.ts';
import type { IncidentView } from './view.ts';

/** The right to tell about one incident; a write with an older fence is refused. */
export interface TellLease {
  readonly incidentId: string;
  readonly fence: number;
}

/** Where an incident's thread is. */
export interface ThreadPlace {
  readonly channel: string;
  readonly ts: string;
}

/** What was told so far: two marks in the journal, one for replies, one for the parent message. */
export interface Told {
  readonly repliesTo: string | undefined;
  readonly parentTo: string | undefined;
  readonly parentAtMs: number | undefined;
  /** `stateKey` of the parent as it was last written. */
  readonly parentState: string | undefined;
}

/** One incident with something to tell, under a lease. */
export interface ThreadWork {
  readonly lease: TellLease;
  readonly view: IncidentView;
  readonly thread: ThreadPlace | undefined;
  readonly told: Told;
  /** Journal entries past `repliesTo`, oldest first, at most `maxEntries`. */
  readonly untold: readonly JournalEntry[];
  /** Id of the incident's newest journal entry. */
  readonly newest: string;
  /** The visit before this one did not end cleanly: a post of it may be in the channel without our knowing. */
  readonly uncertain: boolean;
}

/** What the delivery needs of the responder's store. Every write returns false when the lease is no longer ours. */
export interface ThreadStore {
  /**
   * Claims incidents whose newest journal entry is past either mark, critical ones and those without a thread first.
   * Claiming marks the row uncertain until `release` says otherwise, returns what the mark was before, and raises the fence.
   */
  claim(request: { limit: number; leaseMs: number; maxEntries: number }): Promise<readonly ThreadWork[]>;
  renew(lease: TellLease, leaseMs: number): Promise<boolean>;
  /** Called right after the parent was posted, before anything else. */
  saveThread(lease: TellLease, place: ThreadPlace): Promise<boolean>;
  markTold(
    lease: TellLease,
    mark: { repliesTo?: string; parent?: { to: string; atMs: number; state: string } },
  ): Promise<boolean>;
  /** Ends the lease. The incident is not due again for `waitMs`, unless a new journal entry comes before. */
  release(lease: TellLease, end: { uncertain: boolean; waitMs: number }): Promise<void>;
}
