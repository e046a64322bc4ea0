import type { KubeObject, Ref } from '../kube/object.ts';
import type { PhaseName } from '../phases/define.ts';

/** How a run of deployment stands. */
export type RunState = 'running' | 'failed' | 'done' | 'rolled-back';

/** What stood before a run, object by object; `absent` where there was none. */
export interface Snapshot {
  readonly takenAt: string;
  readonly objects: readonly { readonly ref: Ref; readonly was: KubeObject | 'absent' }[];
}

/** One run of deployment, as the cluster keeps it. */
export interface Run {
  readonly id: string;
  readonly environment: string;
  /** Of everything declared: the same digest is the same deployment, and goes on where it stopped. */
  readonly digest: string;
  readonly state: RunState;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  /** Phases that are over. */
  readonly over: readonly PhaseName[];
  /** What the run set out to apply or remove, written down before it does. */
  readonly touched: readonly Ref[];
  /** What was declared: kinds that are no longer declared are found through it. */
  readonly inventory: readonly Ref[];
  readonly snapshot: Snapshot;
}
