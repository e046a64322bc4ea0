import type { Clock } from '../../kernel/clock.ts';
import type { Infrastructure } from '../../manifests/infrastructure/define.ts';
import { applyInfrastructure } from '../infra/apply.ts';
import { planInfrastructure } from '../infra/plan.ts';
import type { Call, InfraPlan } from '../infra/plan-types.ts';
import type { InfraCloud } from '../infra/port.ts';
import type { Part } from '../phases/ports.ts';

/** What costs money or cannot be undone is made by `gomeet infra apply`, which shows its price and asks. */
const weighty: ReadonlySet<Call['kind']> = new Set([
  'create-vpc',
  'create-cluster',
  'create-node-pool',
  'create-database',
  'create-registry',
  'create-bucket',
]);

/** Phase 2: what is light is made, such as the media firewall and trusted sources; for what is weighty it stops. */
export function infrastructurePart(cloud: () => Promise<InfraCloud>, declared: Infrastructure, clock: Clock): Part {
  const plan = async () => planInfrastructure(declared, await (await cloud()).observe(declared));
  return {
    async rehearse() {
      const { steps, problems } = await plan();
      return [...problems.map(({ says, todo }) => `✗ ${says}: ${todo}`), ...steps.map(({ says }) => says)];
    },
    async run(tell) {
      const first = await plan();
      const [problem] = first.problems;
      if (problem !== undefined) return { is: 'failed', says: problem.says, todo: problem.todo };
      const missing = weightyOf(first);
      if (missing.length > 0)
        return {
          is: 'failed',
          says: `missing: ${missing.join('; ')}`,
          todo: `gomeet infra apply --environment ${declared.environment}, which shows what it costs`,
        };
      const outcome = await applyInfrastructure({ declared, cloud: await cloud(), clock, tell });
      if (outcome.is === 'done')
        return {
          is: 'done',
          says: outcome.later.length === 0 ? 'all stands' : `${outcome.later.length} wait for later phases`,
        };
      return outcome.is === 'failed'
        ? { is: 'failed', says: `${outcome.step.says}: ${outcome.why}`, todo: outcome.todo }
        : { is: 'failed', says: outcome.problems[0]?.says ?? '', todo: outcome.problems[0]?.todo ?? '' };
    },
  };
}

function weightyOf({ steps }: InfraPlan): readonly string[] {
  return steps.filter(({ next }) => next.is === 'call' && weighty.has(next.call.kind)).map(({ says }) => says);
}
