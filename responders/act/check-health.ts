import { z } from 'zod';
import { duration, toMs } from '../../kernel/duration.ts';
import { usd } from '../../kernel/money.ts';
import { workloads } from '../../manifests/catalogue/index.ts';
import { collect } from '../health/collect.ts';
import { healthReport, healthResult, healthSentence, type scopes } from '../health/report.ts';
import { type PolicyRule, touchesNothing } from './define.ts';
import { defineProcedure, type StepKind } from './procedure.ts';

const scopeNames = [
  'check',
  'services',
  'databases',
  'performance',
] as const satisfies readonly (keyof typeof scopes)[];
const Look = z.object({ scope: z.enum(scopeNames), namespace: z.string().optional() });

/** What a health check lists. */
export const healthRules: readonly PolicyRule[] = [
  { apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets'], verbs: ['list'] },
  { apiGroups: [''], resources: ['pods', 'services', 'nodes'], verbs: ['list'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
  { apiGroups: ['cert-manager.io'], resources: ['certificates'], verbs: ['list'] },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['list'] },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['list'] },
];

/** A step that looks at the platform's health and keeps the report. It is done when it could look, whatever it saw. */
export const healthStep: StepKind<z.infer<typeof Look>> = {
  input: Look,
  async run({ scope, namespace }, { ports, nowMs, declared }) {
    const names = new Set(declared.workloads.map(({ name }) => name));
    const expected = workloads.filter(({ name }) => names.has(name));
    const readings = await collect(ports, { ...(namespace === undefined ? {} : { namespace }), nowMs });
    const report = healthReport(readings, expected, scope);
    return { done: healthSentence(report), result: healthResult(report) };
  },
};

/** Looks at the health of everything, or of one part. */
export const checkHealth = defineProcedure({
  name: 'checkHealth',
  title: 'Check health',
  params: z.object({ scope: z.enum(scopeNames).optional(), namespace: z.string().optional() }).strict(),
  needs: [],
  reach: 'reading',
  destructive: false,
  reversal: 'none',
  waitsFor: [],
  rbac: healthRules,
  kinds: { look: healthStep },
  preflight: ({ scope, namespace }) => ({
    target: `health/${scope ?? 'check'}`,
    steps: [
      {
        kind: 'look',
        title: `health: ${scope ?? 'check'}`,
        input: { scope: scope ?? 'check', ...(namespace === undefined ? {} : { namespace }) },
        withinMs: toMs(duration('1m')),
      },
    ],
    says: `look at the health of ${scope === undefined || scope === 'check' ? 'everything' : scope}`,
    touches: touchesNothing,
    costPerHour: usd(0),
  }),
});
