import type { z } from 'zod';
import type { ActionName, ActionParams } from '../../alerts/vocabulary.ts';
import type { MicroUsd } from '../../kernel/money.ts';
import type { RefusalReason } from '../decide/reasons.ts';
import type { Alertmanager, Cloud, CloudState, Cluster, ClusterState, Fleet, Reading } from '../ports.ts';
import type { Run } from '../records.ts';

/** What is known of the platform, each part with its age. A part that is absent was never seen. */
export interface World {
  readonly cluster?: Reading<ClusterState>;
  readonly fleet?: Reading<Fleet>;
  readonly cloud?: Reading<CloudState>;
}
export type WorldPart = keyof World;

/** A world of which the parts that an action needs are there; the fresh-data guard sees to it. */
export type Known<Parts extends WorldPart> = { readonly [Part in Parts]: NonNullable<World[Part]> } & World;

/** What an act would do and touch, known before it is done. */
export interface Preflight<Change> {
  /** `deployment/livekit-sfu`, `node-pool/sfu`, `alert/<fingerprint>`: never two acts at once on one. */
  readonly target: string;
  /** The absolute state that is wanted, as plain JSON. */
  readonly change: Change;
  /** One line: what changes, whom it touches, what it costs. */
  readonly says: string;
  readonly touches: { readonly pods: number; readonly rooms: number; readonly participants: number; readonly fleetShareRatio: number };
  /** Replicas or nodes afterwards against the declared ceiling; absent when nothing grows. */
  readonly growth?: { readonly after: number; readonly ceiling: number };
  readonly costPerHour: MicroUsd;
}

/** Why there is nothing sane to do. */
export interface Blocked {
  readonly blocked: Extract<RefusalReason, 'no-target' | 'nothing-to-do' | 'meeting-in-progress' | 'stale-data'>;
  readonly saw: string;
}

/** Whether the effect that an act can cause is there. */
export interface Verdict {
  readonly verdict: 'verified' | 'pending' | 'not-improved';
  /** What was seen. */
  readonly saw: string;
}

/** What started an act: the alert's labels (empty for a schedule), and its id where there is one. */
export interface Occasion {
  readonly labels: Readonly<Record<string, string>>;
  readonly fingerprint: string | undefined;
  readonly incidentId: string;
}

/** The peers that acts go through. */
export interface ActPorts {
  readonly cluster: Cluster;
  readonly alertmanager: Alertmanager;
  readonly cloud: Cloud;
  readonly incidents: IncidentDesk;
}

/** The responder's own effects: they are rows of its store, or calls to people. */
export interface IncidentDesk {
  declare(request: { incidentId: string; sev: 1 | 2 | 3 | 4; runId: string; by: string }): Promise<void>;
  escalate(request: { incidentId: string; runId: string }): Promise<void>;
}

/** A rule of a Kubernetes Role. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** One action. Pure but for `run`; the same one serves an alert, a button, the CLI and the schedule. */
export interface Action<Name extends ActionName, Change, Needs extends WorldPart> {
  readonly name: Name;
  /** Words on a button: what it does. */
  readonly title: string;
  readonly params: z.ZodType<ActionParams[Name]>;
  readonly change: z.ZodType<Change>;
  readonly needs: readonly Needs[];
  /** Acts on people and alerts pass the guards that protect the platform: a person can always be called. */
  readonly reach: 'platform' | 'alerts' | 'people';
  /** Can cut people off or delete something: two people, and never during a live event or a freeze. */
  readonly destructive: boolean;
  /** Whether its effect is undone by restoring what was, lapses by itself, or stays. */
  readonly reversal: 'restore' | 'lapse' | 'none';
  /** How a second try is told from a first. */
  readonly idempotency: 'absolute-with-run-id' | 'restart-annotation' | 'look-up' | 'row';
  /** The Kubernetes verbs it needs; the responder's Role is the union of these. */
  readonly rbac: readonly PolicyRule[];
  preflight(request: { params: ActionParams[Name]; occasion: Occasion; world: Known<Needs> }): Preflight<Change> | Blocked;
  /** Makes the change; may be called again after a crash and must then have no second effect. Throws PortError. */
  run(request: { run: Run; change: Change; params: ActionParams[Name]; occasion: Occasion; intendedAtMs: number }, ports: ActPorts): Promise<void>;
  /** Queries whose answers `verify` wants, by name. */
  readonly signals: Readonly<Record<string, string>>;
  verify(request: { change: Change; world: Known<Needs>; actedAtMs: number; nowMs: number; signals: Readonly<Record<string, number | undefined>> }): Verdict;
}

/** Types an action without losing its parts. */
export function defineAction<Name extends ActionName, Change, const Needs extends WorldPart>(action: Action<Name, Change, Needs>): Action<Name, Change, Needs> {
  return action;
}
