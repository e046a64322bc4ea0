import type { z } from 'zod';
import type { ActionName, ActionParams } from '../../alerts/vocabulary.ts';
import type { MicroUsd } from '../../kernel/money.ts';
import type { RefusalReason } from '../decide/reasons.ts';
import type {
  Alertmanager,
  Backups,
  Cloud,
  CloudState,
  Cluster,
  ClusterState,
  Databases,
  Edge,
  Fleet,
  FleetSource,
  Metrics,
  Objects,
  Outside,
  Reading,
  Registry,
} from '../ports.ts';
import type { Run } from '../records.ts';

/** What is known of the platform, each part with its age. A part that is absent was never seen. */
export interface World {
  readonly cluster?: Reading<ClusterState>;
  readonly fleet?: Reading<Fleet>;
  readonly cloud?: Reading<CloudState>;
}
export type WorldPart = keyof World;

/** A world of which the parts that an action needs are there. */
export type Known<Parts extends WorldPart> = { readonly [Part in Parts]: NonNullable<World[Part]> } & World;

/** What the platform declares of itself, by the catalogue of the environment: floors, ceilings and prices. */
export interface Declared {
  /** Which environment it is; production unless said. */
  readonly environment?: string;
  /** Dollars per GiB and month of what a volume and its snapshot cost; our own book's unless said. */
  readonly storage?: { readonly volume: MicroUsd; readonly snapshot: MicroUsd };
  readonly sfu: {
    readonly deployment: string;
    readonly pool: string;
    readonly floor: number;
    readonly ceiling: number;
    readonly nodeCostPerHour: MicroUsd;
  };
  readonly workloads: readonly {
    readonly name: string;
    readonly restartable: boolean;
    readonly pool: string;
    /** Replicas at rest, and the most there may ever be; absent where nobody declared them. */
    readonly replicas?: number;
    readonly maxReplicas?: number;
  }[];
  readonly pools: readonly { readonly name: string; readonly maxNodes: number; readonly nodeCostPerHour: MicroUsd }[];
}

/** What started an act: the alert's labels (empty for a schedule), and its fingerprint where there is one. */
export interface Occasion {
  readonly labels: Readonly<Record<string, string>>;
  readonly fingerprint: string | undefined;
  readonly incidentId: string;
}

/** All that a preflight may look at. */
export interface Scene {
  readonly occasion: Occasion;
  readonly declared: Declared;
  /** Replicas that an earlier act still wants, by target. */
  readonly holds: ReadonlyMap<string, number>;
  /** Replicas that an act wanted until lately and nobody wants any more, by target. */
  readonly lapsed?: ReadonlyMap<string, number>;
  /** Names of alerts that fire now. */
  readonly firing: ReadonlySet<string>;
  readonly nowMs: number;
}

/** What an act would do and touch, known before it is done. */
export interface Preflight<Change = unknown> {
  /** `deployment/livekit-sfu`, `node-pool/sfu`, `alert/<fingerprint>`: never two acts at once on one. */
  readonly target: string;
  /** The absolute state that is wanted, as plain JSON. */
  readonly change: Change;
  /** One line: what changes, whom it touches. */
  readonly says: string;
  readonly touches: {
    readonly pods: number;
    readonly rooms: number;
    readonly participants: number;
    readonly fleetShareRatio: number;
  };
  /** Replicas or nodes afterwards against the declared ceiling; absent when nothing grows. */
  readonly growth?: { readonly after: number; readonly ceiling: number };
  readonly costPerHour: MicroUsd;
  /** Replicas that this act wants kept until its hold lapses. */
  readonly hold?: number;
}

/** Why there is nothing sane to do. */
export interface Blocked {
  readonly blocked: Extract<
    RefusalReason,
    'no-target' | 'nothing-to-do' | 'already-acting' | 'meeting-in-progress' | 'stale-data'
  >;
  readonly saw: string;
}

/** Whether the effect that an act can cause is there. */
export interface Verdict {
  readonly verdict: 'verified' | 'pending' | 'not-improved';
  /** What was seen. */
  readonly saw: string;
}

/** The peers that acts go through. */
export interface ActPorts {
  readonly cluster: Cluster;
  readonly fleet: FleetSource;
  readonly alertmanager: Alertmanager;
  readonly cloud: Cloud;
  readonly desk: IncidentDesk;
  /** Any object of the cluster, for procedures that change more than replicas. */
  readonly objects: Objects;
  readonly metrics: Metrics;
  readonly databases: Databases;
  readonly backups: Backups;
  readonly registry: Registry;
  /** Names and firewalls at DigitalOcean. */
  readonly edge: Edge;
  readonly outside: Outside;
}

/** The responder's own effects: rows of its store, or calls to people. Each may be called twice and counts once. */
export interface IncidentDesk {
  declare(request: { incidentId: string; sev: 1 | 2 | 3 | 4; by: string }): Promise<void>;
  escalate(request: { incidentId: string; runId: string }): Promise<void>;
}

/** A rule of a Kubernetes Role. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What stands the same whatever the types of an action's parameters and change are. */
interface ActionFacts<Name extends ActionName> {
  readonly name: Name;
  /** Words on a button: what it does. */
  readonly title: string;
  /** Acts on people and alerts pass the guards that protect the platform: a person can always be called, and looking (`reading`) changes nothing. */
  readonly reach: 'platform' | 'alerts' | 'people' | 'reading';
  /** Can cut people off or delete something: two people, and never during a live event or a freeze. */
  readonly destructive: boolean;
  /** Whether its effect is undone by restoring what was, lapses by itself, or stays. */
  readonly reversal: 'restore' | 'lapse' | 'none';
  /** How a second try is told from a first. */
  readonly idempotency: 'absolute-with-run-id' | 'restart-annotation' | 'look-up' | 'row';
  /** Not while a run of these stands between intent and act: they write the same object. */
  readonly waitsFor: readonly ActionName[];
  /** The Kubernetes verbs it needs; the responder's Role is the union of these. */
  readonly rbac: readonly PolicyRule[];
  /** Queries whose answers `verify` wants, by name. */
  readonly signals: Readonly<Record<string, string>>;
}

/** How an action is written: pure but for `run` and `settle`. */
export interface ActionSpec<Name extends ActionName, Change, Needs extends WorldPart> extends ActionFacts<Name> {
  readonly params: z.ZodType<ActionParams[Name]>;
  readonly change: z.ZodType<Change>;
  readonly needs: readonly Needs[];
  preflight(params: ActionParams[Name], world: Known<Needs>, scene: Scene): Preflight<Change> | Blocked;
  /** Whether an earlier try of this run already had its effect; asked after a crash, before anything else. */
  applied(change: Change, run: Run, ports: ActPorts): Promise<boolean>;
  /** Makes the change; may be called again after a crash and must then have no second effect. A Blocked says that the last look found it unsafe. Throws PortError. */
  run(change: Change, run: Run, occasion: Occasion, ports: ActPorts): Promise<Blocked | undefined>;
  verify(change: Change, world: Known<Needs>, seen: { actedAtMs: number; nowMs: number; signals: Signals }): Verdict;
  /** Cleans up once the run has ended, whichever way; may be called again. */
  settle?(change: Change, run: Run, outcome: 'verified' | 'not-improved' | 'unknown', ports: ActPorts): Promise<void>;
}

/** What a step found or did, as people read it: a table, lines, and the data behind them for machines. */
export interface StepResult {
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly lines?: readonly string[];
  readonly data?: unknown;
}

/** What a procedure answers each time it is taken further: a step is over and what comes next is stored first, or it has to wait, or it has ended. */
export type Stride =
  | {
      readonly kind: 'step';
      readonly change: unknown;
      readonly says: string;
      readonly withinMs: number;
      readonly result?: StepResult;
    }
  | { readonly kind: 'wait'; readonly saw: string; readonly change?: unknown }
  | {
      readonly kind: 'end';
      readonly verdict: 'verified' | 'not-improved' | 'unknown';
      readonly saw: string;
      readonly change: unknown;
      readonly result?: StepResult | undefined;
    };

/** What a stride may use. */
export interface StrideContext {
  readonly occasion: Occasion;
  readonly ports: ActPorts;
  readonly declared: Declared;
  /** The store's clock. */
  readonly nowMs: number;
  /** Whether the step's time is up. */
  readonly late: boolean;
}

/** Answers to an action's signal queries; undefined where there was no data. */
export type Signals = Readonly<Record<string, number | undefined>>;

/** One action as the reconciler sees it: what comes back from the store is parsed again. */
export interface Action extends ActionFacts<ActionName> {
  readonly needs: readonly WorldPart[];
  preflight(params: unknown, world: World, scene: Scene): Preflight | Blocked;
  applied(run: Run, ports: ActPorts): Promise<boolean>;
  run(run: Run, occasion: Occasion, ports: ActPorts): Promise<Blocked | undefined>;
  verify(run: Run, world: World, seen: { actedAtMs: number; nowMs: number; signals: Signals }): Verdict;
  settle(run: Run, outcome: 'verified' | 'not-improved' | 'unknown', ports: ActPorts): Promise<void>;
  /** Only of a procedure: takes it one step further in place of `verify`. A broken peer is its own affair; it never throws a PortError. */
  stride?(run: Run, context: StrideContext): Promise<Stride>;
}

/** Turns a typed action into one that stands in a list with others. */
export function defineAction<Name extends ActionName, Change, const Needs extends WorldPart>(
  spec: ActionSpec<Name, Change, Needs>,
): Action & { readonly name: Name } {
  const known = (world: World): world is Known<Needs> => spec.needs.every((part) => world[part] !== undefined);
  const { params, change, preflight, applied, run, verify, settle, ...facts } = spec;
  return {
    ...facts,
    preflight: (raw, world, scene) =>
      known(world)
        ? spec.preflight(params.parse(raw), world, scene)
        : {
            blocked: 'stale-data',
            saw: `no reading of ${spec.needs.filter((part) => world[part] === undefined).join(', ')}`,
          },
    applied: (request, ports) => spec.applied(change.parse(request.change), request, ports),
    run: (request, occasion, ports) => spec.run(change.parse(request.change), request, occasion, ports),
    verify: (request, world, seen) =>
      known(world)
        ? spec.verify(change.parse(request.change), world, seen)
        : { verdict: 'pending', saw: 'no reading of the platform' },
    settle: async (request, outcome, ports) =>
      await settle?.call(spec, change.parse(request.change), request, outcome, ports),
  };
}

/** Nothing of the platform is touched. */
export const touchesNothing = { pods: 0, rooms: 0, participants: 0, fleetShareRatio: 0 } as const;
