import type { Clock } from '../../kernel/clock.ts';
import type { Check, Finding } from '../checks/define.ts';
import type { Refusal } from '../guard.ts';
import type { Applied } from '../kube/apply.ts';
import type { ObjectFile } from '../kube/object.ts';
import type { Kube } from '../kube/port.ts';
import type { NotReady } from '../kube/wait.ts';
import type { PartName, Phase, PhaseName } from './define.ts';

/** A part of a phase that is not Kubernetes objects: infrastructure, images, the database. */
export interface Part {
  /** What it would do, one line each; changes nothing. */
  rehearse(): Promise<readonly string[]>;
  /** Does it, once more if it was done before. */
  run(tell: (line: string) => void): Promise<PartOutcome>;
}

export type PartOutcome =
  | { readonly is: 'done'; readonly says: string }
  | { readonly is: 'skipped'; readonly says: string }
  | { readonly is: 'failed'; readonly says: string; readonly todo: string };

/** What a run reports while it goes. */
export type DeployEvent =
  | { readonly kind: 'phase-began'; readonly phase: Phase }
  | { readonly kind: 'phase-over'; readonly phase: Phase; readonly says: string; readonly tookMs: number }
  | { readonly kind: 'applied'; readonly applied: Applied }
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'checked'; readonly title: string; readonly findings: readonly Finding[] };

/** How a run ended. */
export type DeployOutcome =
  | { readonly is: 'done'; readonly runId: string }
  | { readonly is: 'rehearsed' }
  | { readonly is: 'refused'; readonly refusals: readonly Refusal[] }
  | {
      readonly is: 'stopped';
      readonly phase: Phase;
      readonly says: string;
      readonly todo: string;
      readonly notReady: NotReady | undefined;
      /** Whether what the run applied was taken back. */
      readonly rolledBack: boolean;
    };

/** Everything a run is made of. */
export interface DeployOptions {
  readonly environment: string;
  readonly clusterName: string;
  /** Names of the other environments and of their clusters. */
  readonly others: readonly string[];
  readonly namespace: string;
  /** What is declared, in the documented order. */
  readonly files: readonly ObjectFile[];
  readonly kube: Kube;
  readonly clock: Clock;
  readonly parts: Readonly<Partial<Record<PartName, Part>>>;
  readonly checks: Readonly<Record<'preDeployment' | 'postDeployment' | 'validation', readonly Check[]>>;
  readonly tell: (event: DeployEvent) => void;
  /** Who runs it, for the lock. */
  readonly who: string;
  readonly dryRun?: boolean;
  readonly from?: PhaseName;
  readonly only?: PhaseName;
  readonly context?: string;
  readonly adopt?: boolean;
  readonly supersede?: boolean;
  /** The responder of a taken-over platform begins to act. */
  readonly outOfShadow?: boolean;
  readonly rollbackOnFailure?: boolean;
  /** How long the objects of one phase may take to be ready; 15 min unless said. */
  readonly readyWithinMs?: number;
  readonly pollMs?: number;
}
