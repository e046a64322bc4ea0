import { z } from 'zod';
import type { JournalEntry } from '../records.ts';

const guardSchema = z.object({
  guard: z.string(),
  verdict: z.enum(['pass', 'refuse']),
  reason: z.string().optional(),
  saw: z.string(),
  ageSeconds: z.number().optional(),
});
const traceSchema = z.array(guardSchema);
const planSchema = z.object({ action: z.string(), target: z.string(), says: z.string() });

/** One guard of a decision: what it saw, how old that was, what it said. */
export type GuardTrace = z.infer<typeof guardSchema>;

/** A decision as the journal holds it. */
export interface Decision {
  readonly entry: JournalEntry;
  readonly guards: readonly GuardTrace[];
  readonly plan: z.infer<typeof planSchema> | undefined;
}

/** Reads the decision out of a journal entry's detail; undefined for an entry that records none. */
export function decisionOf(entry: JournalEntry): Decision | undefined {
  const trace = traceSchema.safeParse(entry.detail['trace']);
  if (!trace.success) return undefined;
  const plan = planSchema.safeParse(entry.detail['plan']);
  return { entry, guards: trace.data, plan: plan.success ? plan.data : undefined };
}

/** A decision, and how often the same one was made again right after it. */
export interface RepeatedDecision extends Decision {
  readonly times: number;
  readonly lastAtMs: number;
}

/** Decisions newest first; a run of equal ones, as a timer makes them, is one with a count. */
export function decisionsOf(journal: readonly JournalEntry[]): readonly RepeatedDecision[] {
  const folded: RepeatedDecision[] = [];
  for (const entry of journal) {
    const decision = decisionOf(entry);
    if (decision === undefined) continue;
    const last = folded.at(-1);
    if (last !== undefined && sameOutcome(last, decision))
      folded[folded.length - 1] = {
        ...decision,
        times: last.times + 1,
        lastAtMs: entry.atMs,
        entry: { ...decision.entry, atMs: last.entry.atMs },
      };
    else folded.push({ ...decision, times: 1, lastAtMs: entry.atMs });
  }
  return folded.reverse();
}

function sameOutcome(a: Decision, b: Decision): boolean {
  const word = ({ entry, guards, plan }: Decision) =>
    JSON.stringify([
      entry.kind,
      entry.runId,
      guards.map(({ guard, verdict, reason }) => [guard, verdict, reason]),
      plan,
    ]);
  return word(a) === word(b);
}
