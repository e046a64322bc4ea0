import type { JournalEntry, JournalKind } from '../records.ts';

/** Entries told by one reply: one entry, or a run of repeated ones. */
export interface Segment {
  readonly entries: readonly JournalEntry[];
  readonly summarised: boolean;
}

/** Cuts a backlog into replies, order kept: kinds with more than `noisyAfter` entries in it are summarised wherever they stand together. */
export function segments(untold: readonly JournalEntry[], noisyAfter: number): Segment[] {
  const counts = new Map<JournalKind, number>();
  for (const entry of untold) counts.set(entry.kind, (counts.get(entry.kind) ?? 0) + 1);
  const result: { entries: JournalEntry[]; summarised: boolean }[] = [];
  for (const entry of untold) {
    const noisy = (counts.get(entry.kind) ?? 0) > noisyAfter;
    const last = result.at(-1);
    if (noisy && last?.summarised) last.entries.push(entry);
    else result.push({ entries: [entry], summarised: noisy });
  }
  return result;
}

/** Whether a person did it; the responder and its schedules are none. */
export function byPerson(entry: JournalEntry): boolean {
  return /^(slack|console|cli):/.test(entry.subject);
}
