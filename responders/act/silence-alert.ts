import { z } from 'zod';
import { type Duration, duration, toMs } from '../../kernel/duration.ts';
import { usd } from '../../kernel/money.ts';
import { defineAction, touchesNothing } from './define.ts';

const Change = z.object({ labels: z.record(z.string(), z.string()), forMs: z.number().int().positive() });
const DurationText = z.string().transform((text, context): Duration => {
  try {
    const span = duration(text);
    if (toMs(span) > 0) return span;
  } catch {
    // Told below, as zero is.
  }
  context.addIssue({ code: 'custom', message: 'want a duration such as 30m or 2h' });
  return duration('0s');
});

/** Silences one alert in Alertmanager, by all its labels, for a while. */
export const silenceAlert = defineAction({
  name: 'silenceAlert',
  title: 'Silence',
  params: z.object({ for: DurationText }),
  change: Change,
  needs: [],
  reach: 'alerts',
  destructive: false,
  reversal: 'lapse',
  idempotency: 'look-up',
  waitsFor: [],
  rbac: [],
  signals: {},

  preflight({ for: span }, _world, { occasion }) {
    if (occasion.fingerprint === undefined || Object.keys(occasion.labels).length === 0)
      return { blocked: 'no-target', saw: 'there is no alert to silence; an empty matcher would silence all' };
    return {
      target: `alert/${occasion.fingerprint}`,
      change: { labels: { ...occasion.labels }, forMs: toMs(span) },
      says: `silence ${occasion.labels['alertname'] ?? 'the alert'} for ${span}`,
      touches: touchesNothing,
      costPerHour: usd(0),
    };
  },

  /** The adapter looks for a silence of this run before it makes one. */
  applied: async () => false,

  async run({ labels, forMs }, run, _occasion, { alertmanager }) {
    const by = run.approvals.at(-1) ?? run.requestedBy;
    await alertmanager.silence({
      labels,
      untilMs: (run.intendedAtMs ?? run.createdAtMs) + forMs,
      by,
      comment: run.says,
      runId: run.id,
    });
    return undefined;
  },

  /** Alertmanager answered with the silence's id, or the act would have failed. */
  verify: ({ forMs }) => ({
    verdict: 'verified',
    saw: `Alertmanager keeps the silence for ${Math.round(forMs / 60_000)} min`,
  }),
});
