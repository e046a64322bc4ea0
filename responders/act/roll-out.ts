import { z } from 'zod';
import { type Duration, duration, toMs } from '../../kernel/duration.ts';
import { usd } from '../../kernel/money.ts';
import { imageCameMs } from '../rollout/came.ts';
import { rolloutSteps, strategies } from '../rollout/plans.ts';
import { soak } from '../rollout/soak.ts';
import { checkDrain, goBack, resolve, setImage, settled } from '../rollout/steps.ts';
import { copy, pin, removeCopy, split, switchOver, unpin, unsplit } from '../rollout/traffic.ts';
import type { Blocked, Declared, Known, PolicyRule, Preflight } from './define.ts';
import { defineProcedure } from './procedure.ts';

const Amount = z.string().regex(/^\d{1,3}%?$/, 'want a number of pods or a percentage');
const Span = z.string().transform((text, context): Duration => {
  try {
    return duration(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'want a duration such as 5m' });
    return z.NEVER;
  }
});

const readRules: readonly PolicyRule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
];

/** Gives a workload another image, by the strategy asked for; what fails its verdict goes back by itself. */
export const rollOut = defineProcedure({
  name: 'rollOut',
  title: 'Roll out',
  params: z
    .object({
      workload: z.string(),
      image: z.string().regex(/^[\w./:@-]{1,255}$/, 'want a tag or an image'),
      strategy: z.enum(strategies),
      surge: Amount.optional(),
      unavailable: Amount.optional(),
      canaryPercent: z.number().int().min(1).max(50).optional(),
      soak: Span.optional(),
      minRequests: z.number().int().min(1).optional(),
    })
    .strict(),
  needs: ['cluster'],
  reach: 'platform',
  destructive: false,
  reversal: 'restore',
  waitsFor: ['restartWorkload', 'restartAll', 'rollBack', 'recreate'],
  rbac: [
    ...readRules,
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'delete'] },
    { apiGroups: [''], resources: ['services'], verbs: ['get', 'create', 'patch', 'delete'] },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: ['list'] },
    { apiGroups: ['traefik.io'], resources: ['ingressroutes'], verbs: ['list', 'create', 'patch', 'delete'] },
    { apiGroups: ['traefik.io'], resources: ['traefikservices'], verbs: ['create', 'patch', 'delete'] },
  ],
  kinds: { resolve, setImage, settled, checkDrain, copy, removeCopy, split, unsplit, pin, unpin, switchOver, soak },

  preflight(params, { cluster }, { declared }) {
    const { workload, strategy, image } = params;
    const about = subject(workload, cluster, declared);
    if ('blocked' in about) return about;
    const isSfu = workload === declared.sfu.deployment;
    if (isSfu && strategy === 'blue-green')
      return {
        blocked: 'meeting-in-progress',
        saw: 'a switch of all traffic would leave meetings on the old colour; use canary or rolling',
      };
    return {
      ...about,
      steps: rolloutSteps({
        ...params,
        isSfu,
        canaryPercent: params.canaryPercent ?? 10,
        soakMs: toMs(params.soak ?? duration('5m')),
      }),
      says: `roll out ${workload} ${image}, ${strategy}`,
    };
  },
});

/** Goes back to the revision that was good. */
export const rollBack = defineProcedure({
  name: 'rollBack',
  title: 'Roll back',
  params: z
    .object({ workload: z.string().optional(), revision: z.number().int().min(1).optional(), within: Span.optional() })
    .strict(),
  needs: ['cluster'],
  reach: 'platform',
  destructive: false,
  reversal: 'none',
  waitsFor: ['restartWorkload', 'restartAll', 'rollOut', 'recreate'],
  rbac: readRules,
  kinds: { goBack, settled, checkDrain },

  preflight({ workload: asked, revision, within }, { cluster }, { declared, occasion, nowMs }) {
    const workload = asked ?? occasion.labels['service'] ?? '';
    const about = subject(workload, cluster, declared);
    if ('blocked' in about) return about;
    const isSfu = workload === declared.sfu.deployment;
    // Asked for by an alert: only where another image came shortly before it.
    const cameMs = imageCameMs(cluster.value.deployments.find(({ name }) => name === workload)?.rollouts ?? []);
    if (within !== undefined && cameMs === undefined)
      return { blocked: 'nothing-to-do', saw: `${workload} is not known to have run another image before` };
    if (within !== undefined && cameMs !== undefined && nowMs - cameMs > toMs(within))
      return { blocked: 'nothing-to-do', saw: `${workload} got no other image within ${within}` };
    const input = { workload, ...(revision === undefined ? {} : { revision }) };
    const minute = 60_000;
    return {
      ...about,
      steps: [
        ...(isSfu
          ? [
              {
                kind: 'checkDrain',
                title: 'check that its pods wait for meetings',
                input: { workload },
                withinMs: minute,
              },
            ]
          : []),
        {
          kind: 'goBack',
          title: `go back${revision === undefined ? '' : ` to revision ${revision}`}`,
          input,
          withinMs: 5 * minute,
        },
        {
          kind: 'settled',
          title: `wait until the pods of ${workload} stay up`,
          input: { workload },
          withinMs: isSfu ? toMs(duration('48h')) : 15 * minute,
        },
      ],
      says: `roll back ${workload}${revision === undefined ? ' to the revision before' : ` to revision ${revision}`}`,
    };
  },
});

/** What any rollout of a workload touches; blocked where nothing of that name runs. */
export function subject(
  workload: string,
  cluster: Known<'cluster'>['cluster'],
  declared: Declared,
): Omit<Preflight, 'change' | 'says'> | Blocked {
  if (!declared.workloads.some(({ name }) => name === workload))
    return { blocked: 'no-target', saw: `${workload || 'no service'}: not in the catalogue` };
  const deployment = cluster.value.deployments.find(({ name }) => name === workload);
  if (deployment === undefined || deployment.replicas === 0)
    return { blocked: 'no-target', saw: `no running Deployment ${workload}` };
  return {
    // An SFU rolls out for as long as its meetings last, and must be able to grow meanwhile: two runs on one target exclude each other.
    target: `${workload === declared.sfu.deployment ? 'rollout' : 'deployment'}/${workload}`,
    // Kubernetes replaces pods one after another, and only when the one before is ready.
    touches: {
      pods: deployment.replicas,
      rooms: 0,
      participants: 0,
      fleetShareRatio: Math.min(0.5, 1 / deployment.replicas),
    },
    costPerHour: usd(0),
  };
}
