import { z } from 'zod';
import { duration, toMs } from '../../kernel/duration.ts';
import { UsageError } from '../../kernel/errors.ts';
import { usd } from '../../kernel/money.ts';
import { healthRules, healthStep } from './check-health.ts';
import { touchesNothing } from './define.ts';
import { defineProcedure, type StepKind } from './procedure.ts';

const components = ['postgresql', 'valkey', 'kubernetes'] as const;
const Params = z.object({ backup: z.string(), components: z.array(z.enum(components)).min(1).readonly() }).strict();
const Find = z.object({ backup: z.string(), components: z.array(z.enum(components)) });
const Restore = z.object({ backup: z.string(), component: z.enum(components) });
const Found = z.object({ id: z.string() });

const find: StepKind<z.infer<typeof Find>> = {
  input: Find,
  async run({ backup, components: wanted }, { ports: { backups } }) {
    const found = await asAnswer(() => backups.find(backup));
    if ('failed' in found) return found;
    const lacking = wanted.filter((component) => !found.components.includes(component));
    if (lacking.length > 0) return { failed: `${found.id} has no ${lacking.join(', ')}` };
    // `latest` must mean one backup to all steps.
    return { done: `${found.id} holds ${wanted.join(', ')}`, result: { data: { id: found.id } } };
  },
};

const restore: StepKind<z.infer<typeof Restore>> = {
  input: Restore,
  async run({ component }, { ports: { backups }, earlier, id }) {
    const found = Found.safeParse(earlier[0]?.result?.data);
    if (!found.success) return { failed: 'it is not known which backup' };
    const outcome = await asAnswer(() => backups.restoreOver({ id: found.data.id, component, stamp: id }));
    if ('failed' in outcome) return outcome;
    return outcome.ok ? { done: outcome.says } : { failed: outcome.says };
  },
};

/** Puts a backup over what production runs on: two people. What was there is kept where that is possible: PostgreSQL under another name. */
export const restoreOverProduction = defineProcedure({
  name: 'restoreOverProduction',
  title: 'Restore over production',
  params: Params,
  needs: [],
  reach: 'platform',
  destructive: true,
  reversal: 'none',
  waitsFor: ['restoreManaged', 'promoteReplica'],
  // Objects of every kind are written by a person with the rights for it (--local), not by the responder.
  rbac: healthRules,
  kinds: { find, restore, look: healthStep },
  preflight: ({ backup, components: wanted }) => ({
    target: 'restore/production',
    steps: [
      { kind: 'find', title: `find ${backup}`, input: { backup, components: wanted }, withinMs: toMs(duration('2m')) },
      ...wanted.map((component) => ({
        kind: 'restore',
        title: `restore ${component} over production`,
        input: { backup, component },
        withinMs: toMs(duration('4h')),
      })),
      { kind: 'look', title: 'health of everything', input: { scope: 'check' }, withinMs: toMs(duration('2m')) },
    ],
    says: `restore ${wanted.join(', ')} of ${backup} over production: what was written since is no longer what people see`,
    touches: touchesNothing,
    costPerHour: usd(0),
  }),
});

/** A setting that is missing ends the step with its own sentence. */
async function asAnswer<T extends object>(work: () => Promise<T>): Promise<T | { readonly failed: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) return { failed: error.message };
    throw error;
  }
}
