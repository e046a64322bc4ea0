import { z } from 'zod';
import type { Objects } from '../ports.ts';

const Event = z.looseObject({
  reason: z.string().optional(),
  message: z.string().optional(),
  type: z.string().optional(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  involvedObject: z.object({ kind: z.string().optional(), name: z.string().optional() }),
});
/** What a look at the events has found. */
export interface ClusterWarnings {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many of each reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** The oldest event of any kind that the cluster still has, in milliseconds since the epoch. */
  readonly oldestMs: number | undefined;
}

const backMs = 6 * 3_600_000;

/** Warnings among the events that the cluster still keeps, of the six hours before `untilMs`, newest first. Throws what the peer throws. */
export async function readWarnings(objects: Objects, untilMs: number): Promise<ClusterWarnings> {
  const events = (await objects.list({ apiVersion: 'v1', kind: 'Event' }))
    .map((one) => Event.parse(one))
    .map((event) => ({ ...event, atMs: Date.parse(event.lastTimestamp ?? event.eventTime ?? '') }))
    .filter(({ atMs }) => Number.isFinite(atMs))
    .sort((a, b) => b.atMs - a.atMs);
  const rows = events
    .filter(({ atMs, type }) => type === 'Warning' && atMs <= untilMs && untilMs - atMs < backMs)
    .map(({ atMs, reason = '', involvedObject, message = '' }) => ({
      reason,
      cells: [
        new Date(atMs).toISOString().slice(0, 19).replace('T', ' '),
        reason,
        `${involvedObject.kind}/${involvedObject.name}`,
        message.slice(0, 120),
      ],
    }));
  return {
    columns: ['at (UTC)', 'reason', 'object', 'message'],
    rows: rows.map(({ cells }) => cells),
    reasons: new Map([...Map.groupBy(rows, ({ reason }) => reason)].map(([reason, own]) => [reason, own.length])),
    oldestMs: events.at(-1)?.atMs,
  };
}
