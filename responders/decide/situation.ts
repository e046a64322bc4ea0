import type { Limits } from '../../alerts/define.ts';
import type { Mode } from '../../alerts/vocabulary.ts';
import type { MicroUsd } from '../../kernel/money.ts';
import type { Action, Preflight, Scene, World } from '../act/define.ts';
import type { Run, Subject } from '../records.ts';
import type { Controls } from '../store/controls.ts';
import type { RefusalReason } from './reasons.ts';

/** The runbook of what a person asked for. */
export const requestRunbook = 'request';

/** Everything that a decision may look at. The same situation always gives the same judgement. */
export interface Situation {
  readonly action: Action;
  readonly params: unknown;
  readonly scene: Scene;
  readonly world: World;
  readonly controls: Controls;
  readonly mode: Mode;
  readonly limits: Limits;
  /** Name of the runbook (alert or schedule); acts per hour and the breaker count by it. */
  readonly runbook: string;
  readonly silenced: boolean;
  /** Runs that are open or were intended within the last hour or cooldown. */
  readonly recent: readonly Run[];
  /** The run being looked at again, which does not stand in its own way. */
  readonly self: string | undefined;
  readonly requestedBy: Subject;
  readonly approvals: readonly Subject[];
  readonly approvalsNeeded: number;
  /** One person may act alone: freeze, live event, breaker and approvals give way; data, targets and ceilings do not. */
  readonly breakGlass: boolean;
  readonly budget: MicroUsd;
  readonly nowMs: number;
}

/** What one guard saw and said; shown on the page that answers "why". */
export interface GuardTrace {
  readonly guard: string;
  readonly verdict: 'pass' | 'refuse';
  readonly reason?: RefusalReason;
  readonly saw: string;
  readonly ageSeconds?: number;
}

/** What a guard answers; a pass may carry what later guards need. */
export type GuardAnswer =
  | { readonly pass: string; readonly ageSeconds?: number }
  | { readonly refuse: RefusalReason; readonly saw: string; readonly ageSeconds?: number };

/** A guard looks at the situation and, from the target guard on, at the plan. */
export interface Guard<Input> {
  readonly name: string;
  check(input: Input): GuardAnswer;
}

/** The plan beside the situation. */
export interface Planned extends Situation {
  readonly plan: Preflight;
}
