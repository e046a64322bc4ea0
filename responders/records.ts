import type { ActionName, Sev, Severity } from '../alerts/vocabulary.ts';
import type { RefusalReason } from './decide/reasons.ts';

/** Who did something: `slack:T0/U1`, `console:alice`, `cli:bob@example.com`, `responder`, `schedule:sfu-scale-in`. */
export type Subject = string;

/** An alert's fingerprint with an open interval. startsAt is an attribute: restarts and flapping change it. */
export interface Episode {
  readonly id: string;
  readonly fingerprint: string;
  readonly alertname: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly incidentId: string;
  readonly openedAtMs: number;
  readonly startsAtMs: number;
  readonly lastSeenAtMs: number;
  /** Alertmanager said resolved, or no longer lists it. */
  readonly resolvedAtMs: number | undefined;
  readonly closedAtMs: number | undefined;
  readonly silenced: boolean;
  /** The last refusal and when it was first given; undefined when none stands. */
  readonly refusal: RefusalReason | undefined;
  readonly noise: boolean;
}

/** What one Slack thread is about: episodes that share service, node or region and overlap. */
export interface Incident {
  readonly id: string;
  /** Random, so that a button cannot be guessed. */
  readonly publicId: string;
  readonly title: string;
  readonly severity: Severity;
  readonly openedAtMs: number;
  readonly closedAtMs: number | undefined;
  readonly acknowledgedAtMs: number | undefined;
  readonly acknowledgedBy: Subject | undefined;
  readonly escalatedAtMs: number | undefined;
  /** Set when declared by openIncident. */
  readonly sev: Sev | undefined;
  readonly commander: Subject | undefined;
  readonly declaredAtMs: number | undefined;
  readonly postmortem: string | undefined;
  /** Counts changes that make older buttons stale. */
  readonly version: number;
}

/** From the intent to the proof. */
export type RunState =
  | 'proposed'
  | 'intended'
  | 'verifying'
  | 'verified'
  | 'not-improved'
  | 'unknown'
  | 'failed'
  | 'abandoned'
  | 'denied'
  | 'expired';

/** One execution of one action, however it was started. */
export interface Run {
  readonly id: string;
  readonly incidentId: string;
  readonly episodeId: string | undefined;
  readonly alertname: string | undefined;
  /** Index of the runbook's mitigation that it is; undefined when a person or the schedule asked. */
  readonly step: number | undefined;
  readonly action: ActionName;
  readonly params: unknown;
  readonly target: string;
  /** The absolute change that was decided; the action's own `change` schema parses it. */
  readonly change: unknown;
  readonly says: string;
  readonly state: RunState;
  readonly reason: string | undefined;
  readonly requestedBy: Subject;
  readonly approvals: readonly Subject[];
  readonly approvalsNeeded: number;
  readonly createdAtMs: number;
  readonly intendedAtMs: number | undefined;
  readonly actedAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly attempts: number;
  /** Grows with every takeover; a write with an older one is refused. */
  readonly fence: number;
  readonly breakGlass: boolean;
}

/** What the journal speaks of; the same words stand in metrics and threads. */
export type JournalKind =
  | 'fired'
  | 'resolved'
  | 'reopened'
  | 'closed'
  | 'no-runbook'
  | 'would-act'
  | 'refused'
  | 'proposed'
  | 'approved'
  | 'denied'
  | 'intended'
  | 'acted'
  | 'step'
  | 'failed'
  | 'abandoned'
  | 'verified'
  | 'not-improved'
  | 'unknown'
  | 'expired'
  | 'acknowledged'
  | 'escalated'
  | 'declared'
  | 'status'
  | 'evidence'
  | 'noise'
  | 'control'
  | 'takeover';

/** One line of the append-only record. */
export interface JournalEntry {
  readonly id: string;
  readonly atMs: number;
  readonly kind: JournalKind;
  readonly incidentId: string | undefined;
  readonly episodeId: string | undefined;
  readonly runId: string | undefined;
  readonly subject: Subject;
  readonly text: string;
  readonly detail: Readonly<Record<string, unknown>>;
}
