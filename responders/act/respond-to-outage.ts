import { z } from 'zod';
import { duration, toMs } from '../../kernel/duration.ts';
import { PortError } from '../../kernel/errors.ts';
import { usd } from '../../kernel/money.ts';
import { highest, tolerant } from '../routine/looks.ts';
import { busiest } from '../routine/routines.ts';
import { healthRules, healthStep } from './check-health.ts';
import { type PolicyRule, touchesNothing } from './define.ts';
import {
  affected,
  changes,
  databases,
  events,
  impact,
  loadBalancer,
  type Nothing,
  notify,
  quickFix,
} from './outage-steps.ts';
import { hosts, outside, update } from './outside-steps.ts';
import { defineProcedure, type PlannedStep, type StepKind } from './procedure.ts';

const withinMs = toMs(duration('1m'));
/** How often people are told, for the first hour, unless said. */
const updateEveryMs = toMs(duration('15m'));

/** A peer that is away is part of what has broken: it is said, and the next step is taken. */
function seen(kind: StepKind<Nothing>): StepKind<Nothing> {
  return {
    ...kind,
    async run(input, context) {
      try {
        return await kind.run(input, context);
      } catch (error) {
        if (!(error instanceof PortError)) throw error;
        return { done: `not known: ${error.message}` };
      }
    },
  };
}

const kinds = {
  impact: seen(impact),
  affected: seen(affected),
  loadBalancer: seen(loadBalancer),
  changes: seen(changes),
  events: seen(events),
  databases: seen(databases),
  quickFix: seen(quickFix),
  outside: seen(outside),
  update,
  hosts,
  notify,
  highest: tolerant(highest),
  look: healthStep,
};
const look: PlannedStep = { kind: 'look', title: 'health of everything', input: { scope: 'check' }, withinMs };
const step = (kind: keyof typeof kinds, title: string): PlannedStep => ({ kind, title, input: {}, withinMs });

/** What each time band of the operations runbook consists of. */
const bands = {
  immediate: [
    step('impact', 'impact on meetings'),
    step('affected', 'affected services'),
    step('loadBalancer', 'load balancers'),
    step('outside', 'the platform from outside'),
    step('events', 'warnings of the cluster'),
    look,
    step('notify', 'declare it, and call people'),
  ],
  investigate: [
    step('changes', 'recent changes'),
    step('events', 'warnings of the cluster'),
    step('affected', 'affected services'),
    ...busiest,
    step('databases', 'managed databases'),
    step('quickFix', 'quick fixes'),
  ],
  recover: [
    look,
    step('impact', 'meetings again'),
    step('outside', 'the platform from outside'),
    step('events', 'six hours of warnings, for the report'),
  ],
} as const satisfies Readonly<Record<'immediate' | 'investigate' | 'recover', readonly PlannedStep[]>>;

const updates = (everyMs: number): readonly PlannedStep[] =>
  [1, 2, 3, 4].map((count) => ({
    kind: 'update',
    title: `update ${count}`,
    input: { everyMs },
    withinMs: everyMs + withinMs,
  }));

const rbac: readonly PolicyRule[] = [
  ...healthRules,
  { apiGroups: [''], resources: ['events', 'pods', 'services', 'nodes'], verbs: ['list'] },
  { apiGroups: ['apps'], resources: ['replicasets', 'deployments'], verbs: ['list'] },
];

/** The outage response of the operations runbook, a time band at a time. It looks, tells and calls people; mending is an act of its own. */
export const respondToOutage = defineProcedure({
  name: 'respondToOutage',
  title: 'Outage response',
  params: z
    .object({
      band: z.enum(['immediate', 'investigate', 'updates', 'recover']),
      notifyHosts: z.boolean().optional(),
      everyMs: z.number().int().min(1_000).max(3_600_000).optional(),
    })
    .strict(),
  needs: [],
  reach: 'people',
  destructive: false,
  reversal: 'none',
  waitsFor: [],
  rbac,
  kinds,
  preflight({ band, notifyHosts = false, everyMs = updateEveryMs }) {
    const notice: PlannedStep = {
      kind: 'hosts',
      title: 'notice to meeting hosts',
      input: { send: notifyHosts },
      withinMs,
    };
    const steps: readonly PlannedStep[] =
      band === 'recover' ? [...bands.recover, notice] : band === 'updates' ? updates(everyMs) : bands[band];
    return {
      target: `outage/${band}`,
      steps,
      says: `outage response, ${band}: ${steps.map(({ title }) => title).join(', ')}${notifyHosts ? '; the notice is sent' : ''}`,
      touches: touchesNothing,
      costPerHour: usd(0),
    };
  },
});
