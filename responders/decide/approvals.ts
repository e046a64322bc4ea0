import type { Approval, Mode } from '../../alerts/vocabulary.ts';
import type { Action } from '../act/define.ts';

const counts: Readonly<Record<Approval, number>> = { none: 0, one: 1, two: 2 };

/** How many people must agree: what the runbook asks, and in suggest mode at least one, two for what can cut people off. */
export function approvalsFor(asked: Approval, mode: Mode, action: Pick<Action, 'reach' | 'destructive'>): number {
  const suggested = mode === 'suggest' && action.reach === 'platform' ? (action.destructive ? 2 : 1) : 0;
  return Math.max(counts[asked], suggested);
}
