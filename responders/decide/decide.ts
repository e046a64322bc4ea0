import type { Preflight } from '../act/define.ts';
import { earlyGuards, planGuards } from './guards.ts';
import type { RefusalReason } from './reasons.ts';
import type { GuardAnswer, GuardTrace, Situation } from './situation.ts';

/** Act, ask, or do not; always with what every guard saw. */
export type Judgement =
  | { readonly outcome: 'act'; readonly plan: Preflight; readonly trace: readonly GuardTrace[] }
  | {
      readonly outcome: 'propose';
      readonly plan: Preflight;
      readonly approvalsNeeded: number;
      readonly trace: readonly GuardTrace[];
    }
  | {
      readonly outcome: 'refuse';
      readonly reason: RefusalReason;
      readonly saw: string;
      readonly plan: Preflight | undefined;
      readonly trace: readonly GuardTrace[];
    };

/** Runs the guards in their order and stops at the first that refuses. Pure: no clock, no peer, no randomness. */
export function decide(situation: Situation): Judgement {
  const trace: GuardTrace[] = [];
  for (const guard of earlyGuards) {
    const refusal = note(trace, guard.name, guard.check(situation));
    if (refusal !== undefined) return { outcome: 'refuse', ...refusal, plan: undefined, trace };
  }

  const preflight = situation.action.preflight(situation.params, situation.world, situation.scene);
  if ('blocked' in preflight) {
    trace.push({ guard: 'target', verdict: 'refuse', reason: preflight.blocked, saw: preflight.saw });
    return { outcome: 'refuse', reason: preflight.blocked, saw: preflight.saw, plan: undefined, trace };
  }
  trace.push({ guard: 'target', verdict: 'pass', saw: `${preflight.target}: ${preflight.says}` });

  for (const guard of planGuards) {
    const refusal = note(trace, guard.name, guard.check({ ...situation, plan: preflight }));
    if (refusal === undefined) continue;
    if (refusal.reason === 'needs-approval')
      return { outcome: 'propose', plan: preflight, approvalsNeeded: situation.approvalsNeeded, trace };
    return { outcome: 'refuse', ...refusal, plan: preflight, trace };
  }
  return { outcome: 'act', plan: preflight, trace };
}

function note(
  trace: GuardTrace[],
  guard: string,
  answer: GuardAnswer,
): { reason: RefusalReason; saw: string } | undefined {
  const age = answer.ageSeconds === undefined ? {} : { ageSeconds: answer.ageSeconds };
  if ('pass' in answer) {
    trace.push({ guard, verdict: 'pass', saw: answer.pass, ...age });
    return undefined;
  }
  trace.push({ guard, verdict: 'refuse', reason: answer.refuse, saw: answer.saw, ...age });
  return { reason: answer.refuse, saw: answer.saw };
}
