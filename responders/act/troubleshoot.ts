import { z } from 'zod';
import { usd } from '../../kernel/money.ts';
import { collectTrouble } from '../trouble/collect.ts';
import { diagnose, diagnosisResult } from '../trouble/define.ts';
import { entryFor, entryNamed } from '../trouble/entries.ts';
import { touchesNothing } from './define.ts';
import { defineProcedure, type StepKind } from './procedure.ts';

export const entryNames = ['service-not-starting', 'high-usage', 'database', 'load-balancer'] as const;
const Look = z.object({ entry: z.enum(entryNames), workload: z.string().optional() });

const look: StepKind<z.infer<typeof Look>> = {
  input: Look,
  async run({ entry: name, workload }, { ports, nowMs, declared: { environment } }) {
    const entry = entryNamed(name);
    if (entry === undefined) return { failed: `no entry ${name}` };
    const found = diagnose(entry, await collectTrouble(ports, { workload, nowMs, environment }));
    return { done: found.says, result: diagnosisResult(found) };
  },
};

/** Works through an entry of the runbook's troubleshooting and names the cause, or what it could not rule out. Changes nothing. */
export const troubleshoot = defineProcedure({
  name: 'troubleshoot',
  title: 'Look for the cause',
  params: z.object({ entry: z.enum(entryNames).optional(), workload: z.string().optional() }).strict(),
  needs: [],
  reach: 'reading',
  destructive: false,
  reversal: 'none',
  waitsFor: [],
  rbac: [
    { apiGroups: [''], resources: ['pods', 'events', 'nodes', 'services'], verbs: ['list'] },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
    { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['list'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
    { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
  ],
  kinds: { look },

  preflight({ entry, workload: asked }, _world, { occasion, declared }) {
    const found = entryNamed(entry ?? '') ?? entryFor(occasion.labels['alertname'] ?? '');
    const { name } = found;
    const about = asked ?? occasion.labels['service'];
    const known = declared.workloads.some((one) => one.name === about);
    if (about !== undefined && !known && (asked !== undefined || found.ofWorkload))
      return { blocked: 'no-target', saw: `${about}: not in the catalogue` };
    if (found.ofWorkload && about === undefined) return { blocked: 'no-target', saw: 'which service? none is named' };
    const workload = known ? about : undefined;
    return {
      target: `troubleshoot/${name}/${workload ?? 'platform'}`,
      steps: [
        {
          kind: 'look',
          title: `${name}${workload === undefined ? '' : ` of ${workload}`}`,
          input: { entry: name, ...(workload === undefined ? {} : { workload }) },
          withinMs: 60_000,
        },
      ],
      says: `look for the cause: ${name}${workload === undefined ? '' : ` of ${workload}`}`,
      touches: touchesNothing,
      costPerHour: usd(0),
    };
  },
});
