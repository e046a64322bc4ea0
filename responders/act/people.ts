import { z } from 'zod';
import { usd } from '../../kernel/money.ts';
import { defineAction, touchesNothing } from './define.ts';

/** Declares an incident: from here on it has a severity, a commander and a postmortem. */
export const openIncident = defineAction({
  name: 'openIncident',
  title: 'Open incident',
  params: z.object({ sev: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]) }),
  change: z.object({ sev: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]) }),
  needs: [],
  reach: 'people',
  destructive: false,
  reversal: 'none',
  idempotency: 'row',
  waitsFor: [],
  rbac: [],
  signals: {},
  preflight: ({ sev }, _world, { occasion }) => ({
    target: `incident/${occasion.incidentId}`,
    change: { sev },
    says: `open an incident, SEV ${sev}`,
    touches: touchesNothing,
    costPerHour: usd(0),
  }),
  /** A row: declaring twice changes nothing. */
  applied: async () => false,
  async run({ sev }, run, { incidentId }, { desk }) {
    await desk.declare({ incidentId, sev, by: run.approvals.at(-1) ?? run.requestedBy });
    return undefined;
  },
  verify: ({ sev }) => ({ verdict: 'verified', saw: `the incident is open, SEV ${sev}` }),
});

/** Calls the person on call through every notifier. */
export const escalate = defineAction({
  name: 'escalate',
  title: 'Escalate',
  params: z.object({}).strict(),
  change: z.object({}),
  needs: [],
  reach: 'people',
  destructive: false,
  reversal: 'none',
  idempotency: 'look-up',
  waitsFor: [],
  rbac: [],
  signals: {},
  preflight: (_params, _world, { occasion }) => ({
    target: `page/${occasion.incidentId}`,
    change: {},
    says: 'call the person on call',
    touches: touchesNothing,
    costPerHour: usd(0),
  }),
  /** Notifiers get the run's id as their dedup key. */
  applied: async () => false,
  async run(_change, run, { incidentId }, { desk }) {
    await desk.escalate({ incidentId, runId: run.id });
    return undefined;
  },
  verify: () => ({ verdict: 'verified', saw: 'a notifier took the call' }),
});
