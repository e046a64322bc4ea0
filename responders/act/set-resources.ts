import { z } from 'zod';
import { findDeployment } from '../rollout/find.ts';
import { settled } from '../rollout/steps.ts';
import { quantity, wantedQuantity } from '../trouble/quantity.ts';
import { defineProcedure, type StepKind } from './procedure.ts';
import { subject } from './roll-out.ts';

/** More than this much at once is a typing error or a decision for the catalogue. */
const largestFactor = 4;

const Amount = z
  .string()
  .regex(/^([×x]\d+(\.\d+)?|\d+(\.\d+)?(m|k|M|G|Ki|Mi|Gi|Ti)?)$/, 'want 500m, 2Gi, or a factor such as x1.5');
const Wanted = z.object({ workload: z.string(), cpu: Amount.optional(), memory: Amount.optional() });
type Wanted = z.infer<typeof Wanted>;
const Resources = z.object({
  requests: z.record(z.string(), z.union([z.string(), z.number().transform(String)])).default({}),
  limits: z.record(z.string(), z.union([z.string(), z.number().transform(String)])).default({}),
});
const Noted = z.object({ containers: z.array(z.looseObject({ name: z.string(), image: z.string() })) });

const set: StepKind<Wanted> = {
  input: Wanted,
  async run({ workload, cpu, memory }, { ports, run, memo }) {
    const now = await findDeployment(ports.objects, workload);
    const { containers } = now.spec.template.spec;
    const main = containers.find(({ name }) => name === workload) ?? containers[0];
    if (main === undefined) return { failed: `${workload} has no container` };
    if (memo === undefined) return { wait: 'noted what stands', memo: { containers } };
    const noted = Noted.parse(memo).containers.find(({ name }) => name === main.name);
    const { requests, limits } = Resources.parse(noted?.['resources'] ?? {});
    const wanted: Record<string, string> = {};
    for (const [kind, asked] of [
      ['cpu', cpu],
      ['memory', memory],
    ] as const) {
      if (asked === undefined) continue;
      const amount = wantedQuantity(asked, requests[kind], kind);
      if (amount === undefined) return { failed: `${kind}: ${workload} asks for none that ${asked} could multiply` };
      const before = quantity(requests[kind] ?? '');
      if (before !== undefined && (quantity(amount) ?? 0) > before * largestFactor)
        return {
          failed: `${kind}: ${amount} is more than ${largestFactor} times ${requests[kind]}; change the catalogue instead`,
        };
      wanted[kind] = amount;
    }
    // Memory is limited to what is asked for; CPU keeps the limit it has, raised where the request would pass it.
    const limit = (kind: 'cpu' | 'memory', amount: string) =>
      kind === 'memory' || (quantity(limits[kind] ?? '') ?? Number.POSITIVE_INFINITY) < (quantity(amount) ?? 0)
        ? { [kind]: amount }
        : {};
    const resources = {
      requests: { ...requests, ...wanted },
      limits: {
        ...limits,
        ...Object.assign(
          {},
          ...Object.entries(wanted).map(([kind, amount]) => limit(kind as 'cpu' | 'memory', amount)),
        ),
      },
    };
    const says = `${main.name}: ${Object.entries(wanted)
      .map(([kind, amount]) => `${kind} ${requests[kind] ?? 'none'} → ${amount}`)
      .join(', ')}`;
    if (JSON.stringify(Resources.parse(main['resources'] ?? {})) !== JSON.stringify(resources))
      await ports.objects.patch(
        { apiVersion: 'apps/v1', kind: 'Deployment', name: workload },
        {
          spec: {
            template: { spec: { containers: containers.map((one) => (one === main ? { ...one, resources } : one)) } },
          },
        },
        { runId: run.id, resourceVersion: now.metadata.resourceVersion },
      );
    return { done: says, result: { lines: [says] } };
  },
  async undo({ workload }, { ports, run, memo }) {
    const noted = Noted.safeParse(memo);
    if (!noted.success) return { done: 'it had not been changed' };
    await ports.objects.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', name: workload },
      { spec: { template: { spec: { containers: noted.data.containers } } } },
      { runId: run.id },
    );
    return { done: 'it asks for what it asked for before' };
  },
};

/** Gives a workload other requests and limits; back to the old ones when its pods do not come up. */
export const setResources = defineProcedure({
  name: 'setResources',
  title: 'Change resources',
  params: Wanted.strict().refine(({ cpu, memory }) => cpu !== undefined || memory !== undefined, 'want cpu or memory'),
  needs: ['cluster'],
  reach: 'platform',
  destructive: false,
  reversal: 'restore',
  waitsFor: ['rollOut', 'rollBack', 'recreate'],
  rbac: [
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
  ],
  kinds: { set, settled },
  preflight(params, { cluster }, { declared }) {
    const about = subject(params.workload, cluster, declared);
    if ('blocked' in about) return about;
    if (declared.workloads.find(({ name }) => name === params.workload)?.restartable !== true)
      return {
        blocked: 'no-target',
        saw: `${params.workload} holds meetings or data: its resources change with a rollout that drains`,
      };
    const given = [params.cpu && `cpu ${params.cpu}`, params.memory && `memory ${params.memory}`]
      .filter(Boolean)
      .join(', ');
    const workload = params.workload;
    return {
      ...about,
      steps: [
        { kind: 'set', title: `give ${workload} ${given}`, input: params, withinMs: 300_000 },
        {
          kind: 'settled',
          title: `wait until the pods of ${workload} stay up`,
          input: { workload },
          withinMs: 900_000,
        },
      ],
      says: `${workload}: ${given}`,
    };
  },
});
