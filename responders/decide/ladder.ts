import { type Alert, type Mitigation, stepsFor } from '../../alerts/define.ts';
import { toMs } from '../../kernel/duration.ts';
import type { Run } from '../records.ts';

/** One step of a runbook and its place in it. */
export interface Step {
  readonly step: number;
  readonly mitigation: Mitigation;
}

/** What comes next for an episode: wait for what runs, look at the steps that are untried, or say that all were tried. */
export type Rung =
  | { readonly kind: 'wait'; readonly forMs: number | undefined }
  | { readonly kind: 'steps'; readonly steps: readonly [Step, ...Step[]] }
  | { readonly kind: 'exhausted' };

const open: ReadonlySet<Run['state']> = new Set(['proposed', 'intended', 'verifying']);

/**
 * Each step of a runbook is tried once an episode, in order. The next one follows at once when the one before did not help;
 * after one that did, the alert has the cooldown's time to clear. A run that was abandoned (the last look found it unsafe) is tried again.
 */
export function nextRung(
  alert: Alert,
  labels: Readonly<Record<string, string>>,
  runs: readonly Run[],
  nowMs: number,
): Rung {
  const own = runs.filter((run) => run.step !== undefined && run.state !== 'abandoned');
  if (own.some((run) => open.has(run.state))) return { kind: 'wait', forMs: undefined };
  const last = own.at(-1);
  if (last?.state === 'verified' && last.finishedAtMs !== undefined) {
    const quietMs = last.finishedAtMs + toMs(alert.limits.cooldown) - nowMs;
    if (quietMs > 0) return { kind: 'wait', forMs: quietMs };
  }
  const tried = new Set(own.map(({ step }) => step));
  const [first, ...others] = stepsFor(alert, labels)
    .map((mitigation, step) => ({ step, mitigation }))
    .filter(({ step }) => !tried.has(step));
  return first === undefined ? { kind: 'exhausted' } : { kind: 'steps', steps: [first, ...others] };
}
