import type { Core } from '../core.ts';
import { hoursLeft } from '../scaling/hours.ts';
import { holdExactly, type ScaleRule, scaleRules } from '../store/scale-rules.ts';
import type { Job } from './clockwork.ts';
import { scaleRulesName as name, scaleRuleLimits } from './policy.ts';
import { request } from './request.ts';

/** What a workload is wanted to have at least, and for how long. */
export interface Wanted {
  readonly workload: string;
  readonly replicas: number;
  readonly forMs: number;
}

/** What the rules want now: of several of one workload the most, until the last of those that want as much is over. Pure. */
export function wantedNow(
  rules: readonly (ScaleRule & { readonly leftMs?: number | undefined })[],
  nowMs: number,
): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const { workload, replicas, hours, leftMs } of rules) {
    const forMs = hours === undefined ? leftMs : hoursLeft(hours, nowMs);
    const other = wanted.get(workload);
    if (forMs === undefined || (other !== undefined && other.replicas > replicas)) continue;
    const longer = other?.replicas === replicas ? Math.max(other.forMs, forMs) : forMs;
    wanted.set(workload, { workload, replicas, forMs: longer });
  }
  return [...wanted.values()];
}

/** Follows the rules: asks for what they want now, under the guards of any other act, and lets it stand until they are over. Nothing is ever lowered for a rule. */
export async function followScaleRules(core: Core): Promise<readonly string[]> {
  const [rules, [now]] = await Promise.all([
    scaleRules(core.database),
    core.database.query<{ ms: number }>('select clock_timestamp() as ms'),
  ]);
  const wanted = wantedNow(rules, now?.ms ?? core.clock.now());
  const answers: string[] = [];
  for (const { workload, replicas } of wanted) {
    const { judgement } = await request(core, {
      action: 'scaleWorkload',
      params: { workload, replicas, atLeast: true },
      by: `schedule:${name}`,
      incidentId: undefined,
      runbook: name,
      mode: 'auto',
      limits: core.scaleLimits(scaleRuleLimits),
      approvalsNeeded: 0,
      breakGlass: false,
    });
    answers.push(`${workload}: ${judgement.outcome === 'refuse' ? judgement.reason : judgement.outcome}`);
  }
  await holdExactly(
    core.database,
    name,
    wanted.map(({ workload, forMs }) => ({ target: `deployment/${workload}`, forMs })),
  );
  return answers;
}

/** The rules as a job of the clockwork. */
export function scaleRulesJob(core: Core): Job {
  return { name, pattern: '* * * * *', run: async () => void (await followScaleRules(core)) };
}
