import { figure, of, percent } from './ask.ts';
import type { Evidence, Figure } from './collect.ts';
import type { Fix, Question } from './define.ts';

/** A figure above a bound, and what would help. */
export const highOn = (
  cause: string,
  name: Figure,
  bound: number,
  fix: (workload: string, evidence: Evidence) => Fix | undefined,
): Question => ({
  cause,
  look: (evidence) =>
    figure(evidence, name, (value, labels) => {
      const where = labels['pod'] ?? labels['instance'] ?? 'the busiest';
      if (value <= bound) return { ruledOut: `${where} is highest, at ${percent(value)}` };
      const { workload } = evidence;
      return {
        found: `${where} is at ${percent(value)}`,
        ...(workload === undefined ? {} : { fix: fix(workload, evidence) }),
      };
    }),
});

/** An autoscaler that may not go on, or cannot say what it wants. */
export const atCeiling: Question = {
  cause: 'autoscaler at its maximum',
  look: ({ autoscalers, workload }) =>
    of(autoscalers, (all) => {
      const at = all.filter(({ spec }) => workload === undefined || spec.scaleTargetRef.name === workload);
      if (at.length === 0) return { ruledOut: 'nothing autoscales it' };
      const full = at.find(({ spec, status }) => status.desiredReplicas >= spec.maxReplicas);
      const blind = at.find(
        ({ status }) => !status.conditions.some(({ type, status: on }) => type === 'ScalingActive' && on === 'True'),
      );
      if (full !== undefined)
        return { found: `${full.metadata.name} wants ${full.status.desiredReplicas}, its maximum` };
      return blind === undefined
        ? { ruledOut: 'it has room to grow' }
        : { found: `${blind.metadata.name} cannot say what it wants: it does not scale` };
    }),
};

/** A quarter more replicas. */
export function moreReplicas(workload: string, { deployment }: Evidence): Fix | undefined {
  if ('missing' in deployment || deployment.value === undefined) return undefined;
  const { wanted } = deployment.value;
  const replicas = wanted + Math.max(1, Math.ceil(wanted / 4));
  return { say: `scale it to ${replicas}; the ceiling holds`, action: 'scaleWorkload', params: { workload, replicas } };
}

/** Half as much memory again. */
export const moreMemory = (workload: string): Fix => ({
  say: 'give it more memory',
  action: 'setResources',
  params: { workload, memory: '×1.5' },
});
