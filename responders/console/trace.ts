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
const planSchema = z.object({
  target: z.string(),
  says: z.string(),
  touches: z.object({ pods: z.number(), rooms: z.number(), participants: z.number() }).optional(),
});

/** One guard of a decision: what it saw, how old that was, what it said. */
export type GuardTrace = z.infer<typeof guardSchema>;

/** A decision as the journal holds it. */
export interface Decision {
  readonly entry: JournalEntry;
  readonly guards: readonly GuardTrace[];
  readonly action: string;
  readonly plan: z.infer<typeof planSchema> | undefined;
}

/** Reads the decision out of a journal entry's detail; undefined for an entry that records none. */
function decisionOf(entry: JournalEntry): Decision | undefined {
  const trace = traceSchema.safeParse(entry.detail['trace']);
  if (!trace.success) return undefined;
  const plan = planSchema.safeParse(entry.detail['plan']);
  const action = z.string().safeParse(entry.detail['action']);
  return { entry, guards: trace.data, action: action.data ?? '', plan: plan.success ? plan.data : undefined };
}

/** The decisions of a journal, newest first. */
export function decisionsOf(journal: readonly JournalEntry[]): readonly Decision[] {
  return journal.flatMap((entry) => decisionOf(entry) ?? []).reverse();
}
